import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "../addresses.ts";

export const integrationAddresses = createRoute({
  getParentRoute: () => app,
  path: "/integrations",
  component: lazyRouteComponent(() => import("./integrations-page.tsx"), "IntegrationsPage"),
});
