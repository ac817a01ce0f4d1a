import { HonoBase } from "hono/hono-base";
import { RegExpRouter } from "hono/router/reg-exp-router";
import type { Env } from "../platform/bindings.ts";
import type { Caller } from "./request.ts";

/** `caller`: the holder of the credentials that `authenticate` accepted. */
export type ApiEnv = { Bindings: Env; Variables: { caller: Caller } };
export type ApiApplication = HonoBase<ApiEnv>;

export function createApiApplication(): ApiApplication {
  return new HonoBase({ router: new RegExpRouter() });
}
