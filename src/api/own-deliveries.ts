import type { MiddlewareHandler } from "hono";
import type { Env } from "../platform/bindings.ts";
import { GATEWAY_HEADER } from "../net/gateway-header.ts";
import { problemResponse } from "../net/problem.ts";
import { contextOf } from "../context.ts";

/** Refuses what this gateway itself sends: a destination that is the gateway's own test or replay would never end. */
export const refuseOwnDeliveries: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  const sender = c.req.header(GATEWAY_HEADER);
  if (sender === undefined || sender !== (await contextOf(c.env).keys.gatewayId())) return await next();
  return problemResponse({ status: 400, title: "This is a delivery of this gateway itself." });
};
