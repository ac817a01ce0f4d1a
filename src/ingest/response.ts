import type { CustomResponse, Integration } from "../model/integration.ts";
import { sourceOf } from "../sources/registry.ts";
import type { Received } from "./receive.ts";

type Accepted = Extract<Received, { kind: "accepted" }>;

/** Custom responses come from the gateway's origin, so a browser must not run or render them. */
const INERT = { "x-content-type-options": "nosniff", "content-security-policy": "sandbox" } as const;

/** Lets pages of any origin read a response. No response of ingest holds a secret. */
const READABLE = { "access-control-allow-origin": "*", "access-control-expose-headers": "retry-after" } as const;

const JSON_TYPE = { headers: { "content-type": "application/json" } };
const READABLE_JSON_TYPE = { headers: { ...JSON_TYPE.headers, ...READABLE } };

function customResponse({ status, headers, body }: CustomResponse): Response {
  return new Response(body === "" ? null : body, { status, headers: { ...headers, ...INERT } });
}

/**
 * Returns the response to an accepted request: the integration's custom response, or else the shape of Zapier's catch
 * hooks. A fan-out lists the id of every event. Pages of other origins may read it if they may post.
 */
export function acceptedResponse({ integration, ids }: Accepted): Response {
  const isReadable = allowsCors(integration);
  if (integration.response !== null) {
    const response = customResponse(integration.response);
    return isReadable ? withCors(response) : response;
  }
  // Ids are letters, digits and an underscore. The JSON is written by hand because every webhook passes here.
  const members = `"status":"success","id":"${ids[0]}","request_id":"${ids[0]}","attempt":"${ids[0]}"`;
  const body = ids.length === 1 ? `{${members}}` : `{${members},"ids":${JSON.stringify(ids)}}`;
  // Not by `withCors`: a second response costs as much as the first.
  return new Response(body, isReadable ? READABLE_JSON_TYPE : JSON_TYPE);
}

/** Returns the response of a silent address, which is a status only. */
export function silentResponse({ integration }: Accepted): Response {
  return new Response(null, allowsCors(integration) ? { headers: READABLE } : {});
}

/** Returns whether pages of other origins may post to an integration, as they do to catch hooks. */
export function allowsCors(integration: Integration): boolean {
  return integration.type === "catch";
}

/** Returns the response to a CORS preflight request. */
export function preflightResponse(integration: Integration, headers: Headers): Response {
  const requested = headers.get("access-control-request-headers");
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": sourceOf(integration.type).methods.join(", "),
      ...(requested === null ? {} : { "access-control-allow-headers": requested }),
      "access-control-max-age": "86400",
      vary: "access-control-request-headers",
    },
  });
}

/**
 * Returns the permission that a sender of CloudEvents asks for:
 * https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md#4-abuse-protection
 */
export function cloudEventsResponse(integration: Integration, headers: Headers): Response {
  const origin = headers.get("webhook-request-origin") ?? "";
  const isHost = /^[\w.:/-]{1,253}$/.test(origin);
  return new Response(null, {
    headers: {
      allow: sourceOf(integration.type).methods.join(", "),
      "webhook-allowed-origin": isHost ? origin : "*",
      "webhook-allowed-rate": "*",
    },
  });
}

/** Returns a response that pages of any origin may read. */
export function withCors(response: Response): Response {
  const readable = new Response(response.body, response);
  for (const [name, value] of Object.entries(READABLE)) readable.headers.set(name, value);
  return readable;
}
