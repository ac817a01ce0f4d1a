import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "../addresses.ts";
import { alertSearch } from "./search.ts";

const alerts = createRoute({
  getParentRoute: () => app,
  path: "/alerts",
  validateSearch: alertSearch,
  component: lazyRouteComponent(() => import("./alerts-page.tsx"), "AlertsPage"),
});
const alert = createRoute({
  getParentRoute: () => alerts,
  path: "$id",
  component: lazyRouteComponent(() => import("./alert-pane.tsx"), "AlertPane"),
});

export const alertAddresses = alerts.addChildren([alert]);
