import type { PrimaryDatabase } from "../../platform/shards.ts";
import type { OutboxRow } from "../pipeline/outbox.ts";
import { type Row, integer, integerOrNull, text } from "../rows.ts";

/** The key of the alerts about silence, in the namespace of their integration. */
export const SILENCE_KEY = "hookgate:silence";
/** The kind of the gateway's own events about silence, and of those made through the API. Neither comes from the sender. */
export const SILENCE_KIND = "silence";
export const MANUAL_KIND = "manual";

/** An enabled integration that expects an event every so many minutes, and the shard of its events. */
export type ExpectingIntegration = {
  readonly id: string;
  readonly shard: number;
  readonly name: string;
  readonly every_minutes: number;
};

/** The stored state of a heartbeat. Times are in ms since 1970. */
export type Heartbeat = {
  readonly integration_id: string;
  readonly shard: number;
  /** When the newest event was received, or from when on events are expected. */
  readonly seen_at: number;
  /** When the open alert was opened, or null if none is open. */
  readonly silent_since: number | null;
};

const EXPECTING = `
  SELECT id, shard, name, options->>'$.expect_every_minutes' AS every_minutes FROM integrations
  WHERE enabled = 1 AND options->>'$.expect_every_minutes' IS NOT NULL ORDER BY id`;

/** Returns the integrations that expect events now, and the stored heartbeats. */
export async function readHeartbeats(
  db: PrimaryDatabase,
): Promise<{ readonly expecting: readonly ExpectingIntegration[]; readonly stored: readonly Heartbeat[] }> {
  const [expecting, stored] = await db.batch<Row>([
    db.prepare(EXPECTING),
    db.prepare("SELECT * FROM heartbeats ORDER BY integration_id"),
  ]);
  return {
    expecting: (expecting?.results ?? []).map((row) => ({
      id: text(row, "id"),
      shard: integer(row, "shard"),
      name: text(row, "name"),
      every_minutes: integer(row, "every_minutes"),
    })),
    stored: (stored?.results ?? []).map((row) => ({
      integration_id: text(row, "integration_id"),
      shard: integer(row, "shard"),
      seen_at: integer(row, "seen_at"),
      silent_since: integerOrNull(row, "silent_since"),
    })),
  };
}

const STORE = `
  INSERT INTO heartbeats (integration_id, shard, seen_at, silent_since)
  SELECT value->>'integration_id', value->>'shard', value->>'seen_at', value->>'silent_since' FROM json_each(?1) WHERE true
  ON CONFLICT (integration_id) DO UPDATE SET seen_at = excluded.seen_at, silent_since = excluded.silent_since`;

/** A system event about an integration that has fallen silent, or that was heard again: its row for the outbox. */
export type SilenceAnnouncement = OutboxRow & { readonly integration_id: string; readonly is_silent: boolean };

const ANNOUNCE = `
  INSERT INTO outbox (id, message, sends, send_at)
  SELECT u.value->>'id', u.value->>'message', 0, u.value->>'send_at' FROM json_each(?1) u
  JOIN heartbeats h ON h.integration_id = u.value->>'integration_id' AND (h.silent_since IS NULL) = (u.value->>'is_silent')
  WHERE true RETURNING id`;

/**
 * Stores heartbeats, and deletes those of the integrations `gone`. Inserts the events of those that change with it. Returns the
 * ids of the events that it inserted.
 */
export async function storeHeartbeats(
  db: PrimaryDatabase,
  changed: readonly Heartbeat[],
  gone: readonly string[],
  announcements: readonly SilenceAnnouncement[] = [],
): Promise<ReadonlySet<string>> {
  const [inserted] = await db.batch<Row>([
    db.prepare(ANNOUNCE).bind(JSON.stringify(announcements)),
    db.prepare(STORE).bind(JSON.stringify(changed)),
    db
      .prepare("DELETE FROM heartbeats WHERE integration_id IN (SELECT value FROM json_each(?1))")
      .bind(JSON.stringify(gone)),
  ]);
  return new Set((inserted?.results ?? []).map((row) => text(row, "id")));
}
