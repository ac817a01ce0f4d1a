import type { Alert, Event, Json, JsonObject } from "../generated/types.ts";

/** The type of a message, such as `alert.created`. */
export type MessageType = NonNullable<Event["type"]>;

/** An alert as it was when the event happened. */
export type AlertSnapshot = Omit<
  Alert,
  "integration_id" | "acknowledged_at" | "resolved_at" | "created_at" | "updated_at"
>;

export type EnvelopeEvent = {
  readonly id: string;
  readonly integration_id: string;
  readonly received_at: string;
  /** The source's name for what happened, such as `alert` or `error`. */
  readonly kind: string;
  readonly payload: Json;
};

type AlertData = { readonly event: EnvelopeEvent; readonly alert: AlertSnapshot };

type GroupData = {
  readonly integration_id: string | null;
  readonly group: string;
  readonly alert: AlertSnapshot | null;
  /** How many events the window holds. */
  readonly occurrences: number;
  /** When the first and the last event were received. */
  readonly timestamp: readonly [first: string, last: string];
  readonly event_ids: readonly string[];
  /** For each attribute its values with their counts, the most frequent first. */
  readonly attributes: Readonly<Record<string, readonly (readonly [value: Json, count: number])[]>>;
};

/** What a system event is about, since when, how often and why, where that applies. */
type GatewayData = {
  readonly destination?: {
    readonly id: string;
    readonly name: string;
    readonly type: string;
    readonly url: string | null;
  };
  readonly integration?: { readonly id: string; readonly name: string };
  readonly shard?: { readonly number: number };
  readonly since?: string;
  readonly count?: number;
  readonly reason?: string;
};

/** The `data` of the types that have a shape of their own. A type that is missing here has a JSON object. */
type DataOfType = {
  readonly "alert.created": AlertData;
  readonly "alert.repeated": AlertData;
  readonly "alert.updated": AlertData;
  readonly "alert.acknowledged": AlertData;
  readonly "alert.resolved": AlertData;
  readonly "event.received": { readonly event: EnvelopeEvent };
  readonly "event.group": GroupData;
  readonly "destination.failing": GatewayData;
  readonly "destination.recovered": GatewayData;
  readonly "destination.disabled": GatewayData;
  readonly "delivery.dead": GatewayData;
  readonly "integration.silent": GatewayData;
  readonly "integration.heard": GatewayData;
  readonly "integration.rejecting": GatewayData;
  readonly "transformation.failing": GatewayData;
  readonly "dead_letter.recorded": GatewayData;
  readonly "reconciliation.failed": GatewayData;
  readonly "log.damaged": GatewayData;
  readonly test: { readonly event: EnvelopeEvent; readonly alert?: AlertSnapshot };
};

type EnvelopeOf<T extends MessageType> = {
  readonly type: T;
  /** When the event was received. */
  readonly timestamp: string;
  readonly data: T extends keyof DataOfType ? DataOfType[T] : JsonObject;
};

/**
 * The body of a delivery in the payload mode `envelope`, by its `type`. A newer gateway may send types that this client does not
 * know: ignore those.
 */
export type Envelope = { [T in MessageType]: EnvelopeOf<T> }[MessageType];

function isEnvelope(value: unknown): value is Envelope {
  if (typeof value !== "object" || value === null) return false;
  if (!("type" in value) || typeof value.type !== "string") return false;
  if (!("timestamp" in value) || typeof value.timestamp !== "string") return false;
  return "data" in value && typeof value.data === "object" && value.data !== null;
}

/** Reads the body of a delivery; null if it is not an envelope. The type of its data is not checked: the gateway guarantees it. */
export function parseEnvelope(body: Uint8Array): Envelope | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body));
    return isEnvelope(value) ? value : null;
  } catch {
    return null;
  }
}
