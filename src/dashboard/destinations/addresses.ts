import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "../addresses.ts";
import { oneOf, text } from "../shell/search-params.ts";

export const DESTINATION_TABS = ["overview", "payload", "requests", "settings"] as const;

export const destinationAddresses = createRoute({
  getParentRoute: () => app,
  path: "/destinations",
  component: lazyRouteComponent(() => import("./destinations-page.tsx"), "DestinationsPage"),
});

/** The gallery, and the form of what was chosen in it. */
export const newDestinationAddress = createRoute({
  getParentRoute: () => app,
  path: "/destinations/new",
  validateSearch: (search: Readonly<Record<string, unknown>>) => text(search, "kind", "preset", "q"),
  component: lazyRouteComponent(() => import("./new-page.tsx"), "NewDestinationPage"),
});

export const destinationAddress = createRoute({
  getParentRoute: () => app,
  path: "/destinations/$id",
  validateSearch: (search: Readonly<Record<string, unknown>>) => ({
    ...oneOf(search, "view", DESTINATION_TABS),
    ...text(search, "event"),
  }),
  component: lazyRouteComponent(() => import("./destination-page.tsx"), "DestinationPage"),
});
