import { createRootRouteWithContext, createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import type { QueryClient } from "@tanstack/react-query";
import { statusOf } from "./api/query-client.ts";
import { sessionQuery } from "./session/session.ts";
import { CrashPage, NotFoundPage } from "./shell/error-pages.tsx";
import { text } from "./shell/search-params.ts";
import { Shell } from "./shell/shell.tsx";

// The addresses that every page hangs below. Each folder has an `addresses.ts` with the addresses of its pages.

export const root = createRootRouteWithContext<{ readonly queries: QueryClient }>()({
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
});

export const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search: Readonly<Record<string, unknown>>) => text(search, "return_to"),
  component: lazyRouteComponent(() => import("./session/login-page.tsx"), "LoginPage"),
});

/** Every page but the login. Without a session it leads to the login, which leads back. */
export const app = createRoute({
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
