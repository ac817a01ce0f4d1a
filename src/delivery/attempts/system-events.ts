import type { Context } from "../../context.ts";
import type { Destination } from "../../model/destination.ts";
import type { EventMessage } from "../../model/event.ts";
import type { DisabledReason } from "./effects.ts";

/** Returns the system event that a destination was disabled. Routes must name its type to deliver it. */
export function destinationDisabled(
  { mint }: Context,
  { id, name, url, type }: Destination,
  disabled_reason: DisabledReason,
): EventMessage {
  const minted = mint("evt");
  const received_at = new Date(minted.at_ms).toISOString();
  // Publish only the origin: recipients may be third parties, and a chat webhook's path is a credential.
  const origin = type === "webhook" ? (URL.parse(url)?.origin ?? null) : null;
  const destination = { id, name, type, url: origin, disabled_reason };
  const event = { id: minted.id, integration_id: null, received_at, kind: "gateway", payload: destination };
  const body = JSON.stringify({ event, destination });
  return {
    v: 1,
    id: minted.id,
    integration_id: "",
    received_at,
    repeat_key: null,
    content: {
      kind: "gateway",
      request: { method: "POST", query: "", headers: {}, body, body_encoding: "utf8" },
      signal: { action: "announce", type: "destination.disabled", note: null },
    },
  };
}
