import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "../addresses.ts";
import { deliverySearch } from "./search.ts";

const deliveries = createRoute({
  getParentRoute: () => app,
  path: "/deliveries",
  validateSearch: deliverySearch,
  component: lazyRouteComponent(() => import("./deliveries-page.tsx"), "DeliveriesPage"),
});
const delivery = createRoute({
  getParentRoute: () => deliveries,
  path: "$id",
  component: lazyRouteComponent(() => import("./delivery-pane.tsx"), "DeliveryPane"),
});

export const deliveryAddresses = deliveries.addChildren([delivery]);
