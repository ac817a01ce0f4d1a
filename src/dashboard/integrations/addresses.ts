import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "../addresses.ts";

const list = createRoute({
  getParentRoute: () => app,
  path: "/integrations",
  component: lazyRouteComponent(() => import("./integrations-page.tsx"), "IntegrationsPage"),
});
const creation = createRoute({
  getParentRoute: () => app,
  path: "/integrations/new",
  component: lazyRouteComponent(() => import("./new-integration-page.tsx"), "NewIntegrationPage"),
});

export const integrationAddresses = [list, creation] as const;
