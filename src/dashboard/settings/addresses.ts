import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "../addresses.ts";

export const settingsAddresses = createRoute({
  getParentRoute: () => app,
  path: "/settings",
  component: lazyRouteComponent(() => import("./settings-page.tsx"), "SettingsPage"),
});
