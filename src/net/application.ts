import { HonoBase } from "hono/hono-base";
import { RegExpRouter } from "hono/router/reg-exp-router";

export type Application = HonoBase<{ Bindings: Cloudflare.Env }>;

/** Makes a Hono application with one router. `new Hono()` would bundle other routers to choose from. */
export function createApplication(): Application {
  return new HonoBase({ router: new RegExpRouter() });
}
