import type { MiddlewareHandler } from "hono";
import { contextOf } from "../context.ts";
import { isOwnDelivery } from "../net/gateway-header.ts";
import { problemResponse } from "../net/problem.ts";
import type { ApiEnv } from "./application.ts";

/** Refuses requests that this gateway itself sent. */
export const refuseOwnDeliveries: MiddlewareHandler<ApiEnv> = async (c, next) => {
  if (!(await isOwnDelivery(c.req.raw.headers, () => contextOf(c.env).keys.gatewayId()))) return await next();
  return problemResponse({ code: "own_delivery", title: "This gateway itself sent this request." });
};
