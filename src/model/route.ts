import type { MessageType } from "./event.ts";

export type Route = {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly integration_ids: readonly string[] | null;
  readonly event_types: readonly MessageType[] | null;
  readonly match: null;
  readonly destination_ids: readonly string[];
  readonly group_window_seconds: 0;
  readonly group_by: string | null;
  readonly group_attributes: readonly string[] | null;
  readonly created_at: string;
  readonly updated_at: string;
};
