import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "../addresses.ts";

export const alertAddresses = createRoute({
  getParentRoute: () => app,
  path: "/alerts",
  component: lazyRouteComponent(() => import("./alerts-page.tsx"), "AlertsPage"),
});
