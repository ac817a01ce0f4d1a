import type { JsonObject } from "./json.ts";

/** The kinds of things that the audit trail is about. */
export const AUDIT_KINDS = [
  "integration",
  "destination",
  "route",
  "transformation",
  "token",
  "session",
  "key",
  "config",
  "event",
  "alert",
  "delivery",
  "replay",
  "dead_letter",
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** What was done: the kind of the thing and a verb in the past, such as `destination.updated`. */
export type AuditAction = `${AuditKind}.${string}`;

/** What the gateway itself does, such as disabling a destination that is gone, has this actor. */
export const GATEWAY_ACTOR = "gateway";

/** A change or an action, and by which caller. */
export type AuditEntry = {
  readonly id: string;
  readonly at: string;
  /** `admin`, the id of an API token, `config` for what `PUT /config` changed, or `gateway`. */
  readonly actor: string;
  readonly action: AuditAction;
  readonly kind: AuditKind;
  readonly target_id: string;
  /** Null for things without a name. */
  readonly target_name: string | null;
  /** The fields that changed, as they were; null if the thing did not exist. */
  readonly before: JsonObject | null;
  /** The fields that changed, as they are; null if the thing no longer exists. */
  readonly after: JsonObject | null;
};
