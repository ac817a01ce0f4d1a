import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import type { QueryClient } from "@tanstack/react-query";
import { queryClient, statusOf, whenSessionIsLost } from "./api/query-client.ts";
import { deliverySearch } from "./deliveries/search.ts";
import { eventSearch } from "./events/search.ts";
import { LoginPage } from "./session/login-page.tsx";
import { sessionQuery } from "./session/session.ts";
import { CrashPage, NotFoundPage } from "./shell/error-pages.tsx";
import { parseSearch, stringifySearch, text } from "./shell/search-params.ts";
import { Shell } from "./shell/shell.tsx";

// The addresses of the dashboard. A page is loaded when it is first opened.

const root = createRootRouteWithContext<{ readonly queries: QueryClient }>()({
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search: Readonly<Record<string, unknown>>) => text(search, "return_to"),
  component: LoginPage,
});

/** Every page but the login. Without a session it leads to the login, which leads back. */
const app = createRoute({
  getParentRoute: () => root,
  id: "app",
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.query({ ...sessionQuery, staleTime: "static" });
    } catch (error) {
      if (statusOf(error) !== 401) throw error;
      redirect({ to: "/login", search: { return_to: location.href }, throw: true });
    }
  },
  component: Shell,
  errorComponent: CrashPage,
});

const overview = createRoute({
  getParentRoute: () => app,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/overview-page.tsx"), "OverviewPage"),
});

const events = createRoute({
  getParentRoute: () => app,
  path: "/events",
  validateSearch: eventSearch,
  component: lazyRouteComponent(() => import("./events/events-page.tsx"), "EventsPage"),
});
const event = createRoute({
  getParentRoute: () => events,
  path: "$id",
  component: lazyRouteComponent(() => import("./events/event-pane.tsx"), "EventPane"),
});

const deliveries = createRoute({
  getParentRoute: () => app,
  path: "/deliveries",
  validateSearch: deliverySearch,
  component: lazyRouteComponent(() => import("./deliveries/deliveries-page.tsx"), "DeliveriesPage"),
});
const delivery = createRoute({
  getParentRoute: () => deliveries,
  path: "$id",
  component: lazyRouteComponent(() => import("./deliveries/delivery-pane.tsx"), "DeliveryPane"),
});

const alerts = createRoute({
  getParentRoute: () => app,
  path: "/alerts",
  component: lazyRouteComponent(() => import("./pages/alerts-page.tsx"), "AlertsPage"),
});
const integrations = createRoute({
  getParentRoute: () => app,
  path: "/integrations",
  component: lazyRouteComponent(() => import("./pages/integrations-page.tsx"), "IntegrationsPage"),
});
const destinations = createRoute({
  getParentRoute: () => app,
  path: "/destinations",
  component: lazyRouteComponent(() => import("./pages/destinations-page.tsx"), "DestinationsPage"),
});
const routes = createRoute({
  getParentRoute: () => app,
  path: "/routes",
  component: lazyRouteComponent(() => import("./pages/routes-page.tsx"), "RoutesPage"),
});
const settings = createRoute({
  getParentRoute: () => app,
  path: "/settings",
  component: lazyRouteComponent(() => import("./pages/settings-page.tsx"), "SettingsPage"),
});

const routeTree = root.addChildren([
  login,
  app.addChildren([
    overview,
    events.addChildren([event]),
    deliveries.addChildren([delivery]),
    alerts,
    integrations,
    destinations,
    routes,
    settings,
  ]),
]);

export const router = createRouter({
  routeTree,
  context: { queries: queryClient },
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  scrollRestoration: true,
});

whenSessionIsLost(() => {
  const { pathname, href } = router.state.location;
  if (pathname === "/login") return;
  queryClient.clear();
  void router.navigate({ to: "/login", search: { return_to: href } });
});

declare module "@tanstack/react-router" {
  // The router documents this interface as the place for its type. An interface is what merges.
  // oxlint-disable-next-line typescript/consistent-type-definitions
  interface Register {
    router: typeof router;
  }
}
