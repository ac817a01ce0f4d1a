import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "../addresses.ts";

export const routeAddresses = createRoute({
  getParentRoute: () => app,
  path: "/routes",
  component: lazyRouteComponent(() => import("./routes-page.tsx"), "RoutesPage"),
});
