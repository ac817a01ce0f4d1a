import type { Context } from "../context.ts";
import { type EventMessage, type GatewayEventType, NO_INTEGRATION } from "../model/event.ts";
import type { Json, JsonObject } from "../model/json.ts";

/** What a system event is about: its kind, and the fields that recipients may see. */
export type Subject =
  | {
      readonly destination: {
        readonly id: string;
        readonly name: string;
        readonly type: string;
        readonly url: string | null;
        readonly disabled_reason?: string;
      };
    }
  | { readonly integration: { readonly id: string; readonly name: string } }
  | { readonly transformation: { readonly id: string; readonly name: string } }
  | { readonly shard: { readonly number: number } };

/** What a system event says. Times are in ms since 1970. */
export type Facts = {
  readonly subject: Subject;
  readonly since_ms?: number;
  readonly count?: number;
  readonly reason?: string;
};

function fieldsOf(subject: Subject): JsonObject {
  if ("destination" in subject) return subject.destination;
  if ("transformation" in subject) return subject.transformation;
  return "integration" in subject ? subject.integration : subject.shard;
}

/** Returns the system event that says this. Routes must name its type to deliver it. */
export function systemEvent({ mint }: Context, type: GatewayEventType, facts: Facts): EventMessage {
  const { subject, since_ms, count, reason } = facts;
  const minted = mint("evt");
  const received_at = new Date(minted.at_ms).toISOString();
  const shown: Record<string, Json> = {
    ...(since_ms === undefined ? {} : { since: new Date(since_ms).toISOString() }),
    ...(count === undefined ? {} : { count }),
    ...(reason === undefined ? {} : { reason }),
  };
  // Templates read the fields of the subject by their own names.
  const payload = { ...fieldsOf(subject), ...shown };
  const event = { id: minted.id, integration_id: null, received_at, kind: "gateway", payload };
  const body = JSON.stringify({ event, ...subject, ...shown });
  return {
    v: 1,
    id: minted.id,
    integration_id: NO_INTEGRATION,
    received_at,
    repeat_key: null,
    content: {
      kind: "gateway",
      request: { method: "POST", query: "", headers: {}, body, body_encoding: "utf8" },
      signal: { action: "announce", type, note: null },
    },
  };
}
