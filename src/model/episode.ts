import type { AlertStatus, Urgency } from "./alert.ts";
import type { Action } from "./event.ts";

/** Every event of a key: event id → action. A set, so the order of merging does not matter. */
export type HistoryLog = Readonly<Record<string, Action>>;

/** One alert: from the event that opened it to the one that resolved it. The ids contain the times. */
export type Episode = {
  readonly opened_by: string;
  readonly status: AlertStatus;
  readonly dedup_count: number;
  /** The highest that its events have had; absent in states that an earlier version compacted. */
  readonly urgency?: Urgency | null;
  /** The event whose fields the alert shows: its opener, or the latest update. */
  readonly fields_from: string;
  readonly acknowledged_by: string | null;
  readonly resolved_by: string | null;
  readonly last_event: string;
};

/** The part of a log that was compacted: events up to `through`, and the alert that they left unresolved. */
export type Compacted = { readonly through: string; readonly episode: Episode | null };

/** `urgencies`: by id, of the events in the log that have one. An event of an earlier version has none. */
export type History = {
  readonly log: HistoryLog;
  readonly urgencies?: Readonly<Record<string, Urgency>>;
  readonly compacted: Compacted | null;
};

/** A history belongs to a key in a namespace. */
export type HistoryKey = { readonly namespace: string; readonly key: string };

/** A history as it is stored. Each change raises `version`. */
export type StoredHistory = HistoryKey & History & { readonly version: number };
