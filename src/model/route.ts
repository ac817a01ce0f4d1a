import type { MessageType } from "./event.ts";
import type { JsonObject } from "./json.ts";
import type { ManagedBy } from "./managed-by.ts";

export type Route = {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly integration_ids: readonly string[] | null;
  readonly event_types: readonly MessageType[] | null;
  /** A MongoDB-style filter over the delivered body, checked when it was saved. */
  readonly match: JsonObject | null;
  readonly destination_ids: readonly string[];
  /** 0 if events are not grouped. */
  readonly group_window_seconds: number;
  readonly group_by: string | null;
  readonly group_attributes: readonly string[] | null;
  /** The name that API clients gave it, unique among routes. */
  readonly external_id: string | null;
  readonly managed_by: ManagedBy | null;
  readonly created_at: string;
  readonly updated_at: string;
};

/** The membership of an event in a group of a route, by a key. */
export type Membership = {
  readonly route_id: string;
  readonly group_key: string;
  readonly window_ms: number;
  /** The destinations of the group, if this event opens it. */
  readonly destination_ids: readonly string[];
};
