import type { CustomResponse } from "../model/integration.ts";
import type { Received } from "./receive.ts";

type Accepted = Extract<Received, { kind: "accepted" }>;

/** Answers of one's own come from the gateway's origin, so a browser is to make nothing of them. */
const INERT = { "x-content-type-options": "nosniff", "content-security-policy": "sandbox" } as const;

const JSON_ANSWER = { headers: { "content-type": "application/json" } };

function customResponse({ status, headers, body }: CustomResponse): Response {
  return new Response(body === "" ? null : body, { status, headers: { ...headers, ...INERT } });
}

/**
 * The answer to an accepted request: the integration's own where it has one, else in the shape that Zapier's catch hooks
 * answer in. A fan-out names every event.
 */
export function acceptedResponse({ integration, ids }: Accepted): Response {
  if (integration.response !== null) return customResponse(integration.response);
  // Ids are letters and digits. Written out, because this is on every sender's way.
  const answer = `"status":"success","id":"${ids[0]}","request_id":"${ids[0]}","attempt":"${ids[0]}"`;
  const body = ids.length === 1 ? `{${answer}}` : `{${answer},"ids":${JSON.stringify(ids)}}`;
  return new Response(body, JSON_ANSWER);
}

/** The answer of a silent address: nothing but the status. */
export function silentResponse(): Response {
  return new Response(null, { status: 200 });
}
