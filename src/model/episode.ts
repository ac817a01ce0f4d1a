import type { AlertStatus } from "./alert.ts";
import type { Action } from "./event.ts";

/** Every event that a key has had: event id -> action. A set, so it is the same however it came together. */
export type HistoryLog = Readonly<Record<string, Action>>;

/** One alert: from the event that opened it to the one that resolved it. Ids tell the times. */
export type Episode = {
  readonly opened_by: string;
  readonly status: AlertStatus;
  readonly dedup_count: number;
  /** The event whose fields the alert shows: its opener, or the last update since. */
  readonly fields_from: string;
  readonly acknowledged_by: string | null;
  readonly resolved_by: string | null;
  readonly last_event: string;
};

/** What came before a log that was shortened: events up to `through`, and the alert that they left unresolved. */
export type Compacted = { readonly through: string; readonly episode: Episode | null };

export type History = { readonly log: HistoryLog; readonly compacted: Compacted | null };

/** A history belongs to a key in a namespace. */
export type HistoryKey = { readonly namespace: string; readonly key: string };

/** A history as it is stored; `version` is raised by every change. */
export type StoredHistory = HistoryKey & History & { readonly version: number };
