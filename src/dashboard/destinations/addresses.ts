import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "../addresses.ts";

export const destinationAddresses = createRoute({
  getParentRoute: () => app,
  path: "/destinations",
  component: lazyRouteComponent(() => import("./destinations-page.tsx"), "DestinationsPage"),
});
