import { type Json, isJsonObject } from "../../model/json.ts";
import type { SourceRequest } from "../source.ts";

type Headers = SourceRequest["headers"];

const HEADERS = ["x-github-delivery", "x-shopify-webhook-id"] as const;

function isSlacks(headers: Headers, type: Json | undefined): boolean {
  return headers["x-slack-signature"] !== undefined || type === "event_callback";
}

// Other senders have an `id` or an `event_id` too, but it may name the subject of the event.
function idIn(body: Json, headers: Headers): Json | undefined {
  if (!isJsonObject(body)) return undefined;
  if (headers["stripe-signature"] !== undefined) return body["id"];
  return isSlacks(headers, body["type"]) ? body["event_id"] : undefined;
}

/** Returns the sender's own id of an event, for the senders that catch hooks often get; null for all others. */
export function providerEventIdOf(headers: Headers, body: Json): string | null {
  for (const name of HEADERS) {
    const value = headers[name]?.trim() ?? "";
    if (value !== "") return value;
  }
  const id = idIn(body, headers);
  return typeof id === "string" && id.trim() !== "" ? id : null;
}
