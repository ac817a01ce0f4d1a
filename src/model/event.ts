import * as z from "zod/mini";
import { type AcceptedAs, isAcceptedAs } from "./acceptance.ts";
import type { AlertFields, AlertSnapshot } from "./alert.ts";
import type { Delivery } from "./delivery.ts";
import { GATEWAY_EVENT_TYPES, type MessageType, type Outcome } from "./event-types.ts";
import { parseExact } from "./exact-json.ts";
import { type Json, type JsonObject, isJsonObject } from "./json.ts";
import { lazy } from "./lazy.ts";

export {
  GATEWAY_EVENT_TYPES,
  type GatewayEventType,
  MESSAGE_TYPES,
  type MessageType,
  OUTCOMES,
  type Outcome,
} from "./event-types.ts";

/**
 * What an event does to the alert of its key. `update` and `remind` open an alert if none is open, and are never
 * repeats; a reminder leaves what the alert shows as it is.
 */
export const ACTIONS = ["create", "update", "remind", "acknowledge", "resolve"] as const;
export type Action = (typeof ACTIONS)[number];

/** Types that are delivered only where a route names them. */
export const TYPES_BY_NAME_ONLY: readonly MessageType[] = ["alert.repeated", ...GATEWAY_EVENT_TYPES, "test"];

/** The type of the message that destinations receive for an event, by its outcome. */
export const TYPE_OF_OUTCOME = {
  created: "alert.created",
  repeated: "alert.repeated",
  updated: "alert.updated",
  acknowledged: "alert.acknowledged",
  resolved: "alert.resolved",
  received: "event.received",
  ignored: null,
  transformation_failed: null,
} as const satisfies Record<Outcome, MessageType | null>;

/** The namespace of keys that integrations share (PagerTree's `dedup_keys`). */
export const SHARED_NAMESPACE = "*";

/** The types of system events: events of the gateway about itself. Their payload is delivered as `data`. */
const SYSTEM_EVENT_TYPES = ["event.group", ...GATEWAY_EVENT_TYPES] as const satisfies readonly MessageType[];

/** The integration of events of the gateway about itself: none. Groups of such events have it too. */
export const NO_INTEGRATION = "";

/**
 * Returns whether an event is of the gateway about itself, or a group of such events. What becomes of its deliveries makes no
 * further event of this kind, so that none can cause another.
 */
export function isOfGateway({ integration_id }: Pick<EventHead, "integration_id">): boolean {
  return integration_id === NO_INTEGRATION;
}

/** The signal of a system event. Queue messages and rows have its fields under these names. */
export type SystemSignal = {
  readonly action: "announce";
  readonly type: (typeof SYSTEM_EVENT_TYPES)[number];
  /** The recipients, if routes do not decide: the destinations of a group's route as its window opened. */
  readonly owed?: { readonly route_id: string; readonly destination_ids: readonly string[] };
  /** The group that the event is of, and how many events it stands for if that is not one. */
  readonly group_id?: string;
  readonly weight?: number;
  readonly note: string | null;
};

/** The meaning of a request, as its source understood it: an action on an alert, or none. */
export type Signal =
  | SystemSignal
  | {
      readonly action: "create" | "update" | "remind";
      readonly namespace: string;
      readonly key: string;
      /** Other keys of the same namespace that also find the alert. */
      readonly aliases?: readonly string[];
      readonly fields: AlertFields;
      readonly note: string | null;
    }
  | {
      readonly action: "acknowledge" | "resolve";
      readonly namespace: string;
      readonly key: string;
      /** Other keys of the same namespace that the alert may have been opened under. */
      readonly aliases?: readonly string[];
      readonly note: string | null;
    }
  /** An event that concerns no alert and is delivered as it is. */
  | { readonly action: "receive"; readonly note: string | null }
  | { readonly action: "ignore"; readonly note: string; readonly stopped?: Stopped };

/** Why a transformation let an event go no further, and the signal that its source read, by which it can be tried again. */
export type Stopped = { readonly by: "fault" | "drop"; readonly signal: Signal };

/** Returns whether the transformation of an event failed. */
export function isTransformationFault({ signal }: Pick<EventContent, "signal">): boolean {
  return signal.action === "ignore" && signal.stopped?.by === "fault";
}

/** A request as it is stored: credential headers are redacted, and names are in lower case. */
export type StoredRequest = {
  readonly method: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly body_encoding: "utf8" | "base64";
};

/**
 * `payload` is absent if it equals the body as JSON. `kind` is the source's own word for the event (`alert`, `error`,
 * `test`, …), so that routes can tell events apart.
 */
export type EventContent = {
  readonly kind: string;
  readonly request: StoredRequest;
  readonly signal: Signal;
  /** True if the sender's user tried the connection out. */
  readonly test?: true;
  readonly payload?: Json;
};

/** Stands for the value of a header that holds a credential. */
export const REDACTED_HEADER = "[redacted]";

/** Returns the headers of the sender for filters and templates, without those that hold credentials. */
export function senderHeaders({ request: { headers } }: EventContent): Readonly<Record<string, string>> {
  const shown = Object.entries(headers).filter(([, value]) => value !== REDACTED_HEADER);
  return Object.fromEntries(shown);
}

/** Returns the payload of an event. */
export function payloadOf(content: EventContent): Json {
  if (content.payload !== undefined) return content.payload;
  return parseExact(content.request.body);
}

/** A parsed row of `events` without its long columns. */
export type EventHead = {
  readonly id: string;
  readonly integration_id: string;
  readonly type: MessageType | null;
  readonly outcome: Outcome;
  readonly alert_id: string | null;
  readonly received_at: string;
  readonly version: number;
};

/** A parsed row of `events` without its content. */
export type EventRecord = EventHead & { readonly deliveries: readonly Delivery[] };

/** What a consumer needs to attempt a delivery. */
export type EventAggregate = EventRecord & {
  readonly alert: AlertSnapshot | null;
  readonly content: EventContent;
};

/** A message of the EVENTS queue: an accepted event. */
export type EventMessage = {
  readonly v: 1;
  readonly id: string;
  readonly integration_id: string;
  readonly received_at: string;
  /** The sender's own id of the event, or null if there is none. */
  readonly repeat_key: string | null;
  /** A second key of the event: the digest of its signed message. */
  readonly signed_key?: string | undefined;
  readonly content: EventContent;
  /** Absent if it was not accepted by ingest, or by an earlier version. */
  readonly from?: AcceptedAs | undefined;
};

/** A message of the EVENTS queue: the place in R2 of an event that is too large for a message. */
export type StoredEventMessage = {
  readonly v: 1;
  readonly id: string;
  readonly stored_at: string;
  /** The length of the stored message, if it is known. */
  readonly bytes?: number | undefined;
  /** The integration of the event. Messages of the release before do not name it. */
  readonly integration_id?: string | undefined;
  readonly from?: AcceptedAs | undefined;
};

const systemSignal = lazy(() =>
  z.object({
    type: z.enum(SYSTEM_EVENT_TYPES),
    owed: z.optional(z.object({ route_id: z.string(), destination_ids: z.array(z.string()) })),
    group_id: z.optional(z.string()),
    weight: z.optional(z.int().check(z.positive())),
  }),
);

function isSystemSignal(value: JsonObject): boolean {
  return systemSignal().safeParse(value).success;
}

function isSignal(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  if (value["action"] === "ignore" || value["action"] === "receive") return true;
  if (value["action"] === "announce") return isSystemSignal(value);
  const action = ACTIONS.find((known) => known === value["action"]);
  if (action === undefined || typeof value["namespace"] !== "string" || typeof value["key"] !== "string") return false;
  return action === "acknowledge" || action === "resolve" || isJsonObject(value["fields"]);
}

function isContent(value: unknown): value is EventContent {
  if (!isJsonObject(value) || typeof value["kind"] !== "string" || !isSignal(value["signal"])) return false;
  const request = value["request"];
  return isJsonObject(request) && typeof request["body"] === "string" && isJsonObject(request["headers"]);
}

const storedEventMessage = lazy(() =>
  z.object({
    v: z.literal(1),
    id: z.string(),
    stored_at: z.string(),
    bytes: z.optional(z.number()),
    integration_id: z.optional(z.string()),
    from: z.optional(z.custom<AcceptedAs>(isAcceptedAs)),
  }),
);
const eventMessage = lazy(() =>
  z.object({
    v: z.literal(1),
    id: z.string(),
    integration_id: z.string(),
    received_at: z.string(),
    repeat_key: z.nullable(z.string()),
    signed_key: z.optional(z.string()),
    content: z.custom<EventContent>(isContent),
    from: z.optional(z.custom<AcceptedAs>(isAcceptedAs)),
  }),
);

const anyEventMessage = lazy(() => z.union([eventMessage(), storedEventMessage()]));

function parseText(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    return null;
  }
}

/** Parses a message of the EVENTS queue, which is JSON text. Returns null if it is no message about an event. */
export function parseEventMessage(body: unknown): EventMessage | StoredEventMessage | null {
  return anyEventMessage().safeParse(typeof body === "string" ? parseText(body) : body).data ?? null;
}

/** Returns the R2 key of an event that is too large for a message or a row. */
export function bodyKey(eventId: string): string {
  return `events/${eventId}`;
}

/**
 * Returns the R2 keys that an event's content can have after a transformation, by how that ended. A run that ends otherwise than the one
 * before has another key: the row names the key, so that the content and the outcome change together.
 */
export function transformedKeys(eventId: string): Readonly<Record<"failed" | "changed" | "dropped", string>> {
  return { failed: `events/${eventId}.1`, changed: `events/${eventId}.2`, dropped: `events/${eventId}.3` };
}
