import type { MessageType } from "./event.ts";
import type { JsonObject } from "./json.ts";

export type Route = {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly integration_ids: readonly string[] | null;
  readonly event_types: readonly MessageType[] | null;
  /** A MongoDB-style filter over what is delivered, checked when it was saved. */
  readonly match: JsonObject | null;
  readonly destination_ids: readonly string[];
  /** 0: each event on its own. */
  readonly group_window_seconds: number;
  readonly group_by: string | null;
  readonly group_attributes: readonly string[] | null;
  readonly created_at: string;
  readonly updated_at: string;
};

/** That an event belongs to a group: of a route, and for its integration, under a key. */
export type Membership = {
  readonly route_id: string;
  readonly group_key: string;
  readonly window_ms: number;
  /** Who is owed the group, if this event opens it. */
  readonly destination_ids: readonly string[];
};
