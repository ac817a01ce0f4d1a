import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "../addresses.ts";
import { REQUEST_TABS } from "../events/search.ts";
import { type RawSearch, oneOf, text } from "../shell/search-params.ts";

export const INTEGRATION_TABS = ["inspector", "setup", "preview", "settings"] as const;

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
const one = createRoute({
  getParentRoute: () => app,
  path: "/integrations/$id",
  validateSearch: (search: RawSearch) => ({
    ...oneOf(search, "view", INTEGRATION_TABS),
    ...text(search, "event", "rejection", "sample"),
    ...oneOf(search, "tab", REQUEST_TABS),
  }),
  component: lazyRouteComponent(() => import("./integration-page.tsx"), "IntegrationPage"),
});

export const integrationAddresses = [list, creation, one] as const;
