import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "../addresses.ts";
import { eventSearch } from "./search.ts";

const events = createRoute({
  getParentRoute: () => app,
  path: "/events",
  validateSearch: eventSearch,
  component: lazyRouteComponent(() => import("./events-page.tsx"), "EventsPage"),
});
const event = createRoute({
  getParentRoute: () => events,
  path: "$id",
  component: lazyRouteComponent(() => import("./event-pane.tsx"), "EventPane"),
});

export const eventAddresses = events.addChildren([event]);
