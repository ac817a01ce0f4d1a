import { HonoBase } from "hono/hono-base";
import { RegExpRouter } from "hono/router/reg-exp-router";
import type { Scope } from "../model/token.ts";
import type { Actor } from "./request.ts";
import type { Env } from "../platform/bindings.ts";

/** What `authenticate` found: who makes the request, and the scopes of the token. */
export type Caller = { readonly actor: Actor; readonly scopes: readonly Scope[] };

export type ApiEnv = { Bindings: Env; Variables: { caller: Caller } };
export type ApiApplication = HonoBase<ApiEnv>;

export function createApiApplication(): ApiApplication {
  return new HonoBase({ router: new RegExpRouter() });
}
