import { HonoBase } from "hono/hono-base";
import { RegExpRouter } from "hono/router/reg-exp-router";
import type { Scope } from "../model/token.ts";
import type { Env } from "../platform/bindings.ts";

/** `scopes`: the scopes of the token that `authenticate` found. */
export type ApiEnv = { Bindings: Env; Variables: { scopes: readonly Scope[] } };
export type ApiApplication = HonoBase<ApiEnv>;

export function createApiApplication(): ApiApplication {
  return new HonoBase({ router: new RegExpRouter() });
}
