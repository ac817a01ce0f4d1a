import { HonoBase } from "hono/hono-base";
import { RegExpRouter } from "hono/router/reg-exp-router";

export type Application = HonoBase<{ Bindings: Cloudflare.Env }>;

/** A Hono application with the one router that takes all of our paths; `new Hono()` brings others along to choose from. */
export function createApplication(): Application {
  return new HonoBase({ router: new RegExpRouter() });
}
