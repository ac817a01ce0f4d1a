import type { Integration } from "../model/integration.ts";
import { sourceOf } from "../sources/registry.ts";

// Catch hooks are posted to from browsers too. What is answered holds no secret, so any origin may read it.

/** Whether pages of other origins may post to an integration. */
export function takesBrowsers(integration: Integration): boolean {
  return integration.type === "catch";
}

/** The answer to a browser that asks whether it may send. */
export function preflightResponse(integration: Integration, headers: Headers): Response {
  const wanted = headers.get("access-control-request-headers");
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": sourceOf(integration.type).methods.join(", "),
      ...(wanted === null ? {} : { "access-control-allow-headers": wanted }),
      "access-control-max-age": "86400",
      vary: "access-control-request-headers",
    },
  });
}

/** Lets pages of any origin read an answer. */
export function readableAnywhere(response: Response): Response {
  const open = new Response(response.body, response);
  open.headers.set("access-control-allow-origin", "*");
  open.headers.set("access-control-expose-headers", "retry-after");
  return open;
}
