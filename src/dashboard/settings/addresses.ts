import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "../addresses.ts";
import { auditSearch } from "./audit-search.ts";

const settings = createRoute({
  getParentRoute: () => app,
  path: "/settings",
  component: lazyRouteComponent(() => import("./settings-page.tsx"), "SettingsPage"),
});

const general = createRoute({
  getParentRoute: () => settings,
  path: "/",
  component: lazyRouteComponent(() => import("./general.tsx"), "General"),
});

const tokens = createRoute({
  getParentRoute: () => settings,
  path: "/tokens",
  component: lazyRouteComponent(() => import("./tokens.tsx"), "Tokens"),
});

const audit = createRoute({
  getParentRoute: () => settings,
  path: "/audit",
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import("./audit.tsx"), "Audit"),
});

const reconciliation = createRoute({
  getParentRoute: () => settings,
  path: "/reconciliation",
  component: lazyRouteComponent(() => import("./reconciliation.tsx"), "ReconciliationCounts"),
});

const deadLetters = createRoute({
  getParentRoute: () => settings,
  path: "/dead-letters",
  component: lazyRouteComponent(() => import("./dead-letters.tsx"), "DeadLetters"),
});

const config = createRoute({
  getParentRoute: () => settings,
  path: "/config",
  component: lazyRouteComponent(() => import("./config.tsx"), "Config"),
});

const about = createRoute({
  getParentRoute: () => settings,
  path: "/about",
  component: lazyRouteComponent(() => import("./about.tsx"), "About"),
});

export const settingsAddresses = settings.addChildren([
  general,
  tokens,
  audit,
  reconciliation,
  deadLetters,
  config,
  about,
]);
