import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "../addresses.ts";
import { overviewSearch } from "./search.ts";

export const overviewAddresses = createRoute({
  getParentRoute: () => app,
  path: "/",
  validateSearch: overviewSearch,
  component: lazyRouteComponent(() => import("./overview-page.tsx"), "OverviewPage"),
});
