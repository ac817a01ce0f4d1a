import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "../addresses.ts";
import { explainSearch, routeSearch } from "./search.ts";

const routes = createRoute({
  getParentRoute: () => app,
  path: "/routes",
  component: lazyRouteComponent(() => import("./routes-page.tsx"), "RoutesPage"),
});
const newRoute = createRoute({
  getParentRoute: () => app,
  path: "/routes/new",
  validateSearch: routeSearch,
  component: lazyRouteComponent(() => import("./new-route-page.tsx"), "NewRoutePage"),
});
const explain = createRoute({
  getParentRoute: () => app,
  path: "/routes/explain",
  validateSearch: explainSearch,
  component: lazyRouteComponent(() => import("./explain-page.tsx"), "ExplainPage"),
});
const route = createRoute({
  getParentRoute: () => app,
  path: "/routes/$id",
  validateSearch: routeSearch,
  component: lazyRouteComponent(() => import("./route-page.tsx"), "RoutePage"),
});

export const routeAddresses = [routes, newRoute, explain, route] as const;
