import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, integer, text } from "../rows.ts";

/** The key of the alerts that tell of silence, in the namespace of their integration. */
export const SILENCE_KEY = "hookgate:silence";
/** What the gateway's own events about silence, and those made by hand, are called. */
export const SILENCE_KIND = "silence";
export const MANUAL_KIND = "manual";

/** An integration that expects an event every so many minutes, as its options say now, and the shard of its events. */
export type Expecting = {
  readonly id: string;
  readonly shard: number;
  readonly name: string;
  readonly every_minutes: number;
};

/** What is on record of a heartbeat. Times in ms since 1970. */
export type Heartbeat = {
  readonly integration_id: string;
  readonly shard: number;
  readonly seen_at: number;
  readonly silent_since: number | null;
};

const EXPECTING = `
  SELECT id, shard, name, options->>'$.expect_every_minutes' AS every_minutes FROM integrations
  WHERE enabled = 1 AND options->>'$.expect_every_minutes' IS NOT NULL ORDER BY id`;

/** Who expects events now, and what is on record of heartbeats. */
export async function readHeartbeats(
  db: PrimaryDatabase,
): Promise<{ readonly expecting: readonly Expecting[]; readonly kept: readonly Heartbeat[] }> {
  const [expecting, kept] = await db.batch<Row>([
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
    kept: (kept?.results ?? []).map((row) => ({
      integration_id: text(row, "integration_id"),
      shard: integer(row, "shard"),
      seen_at: integer(row, "seen_at"),
      silent_since: row["silent_since"] === null ? null : integer(row, "silent_since"),
    })),
  };
}

const KEEP = `
  INSERT INTO heartbeats (integration_id, shard, seen_at, silent_since)
  SELECT value->>'integration_id', value->>'shard', value->>'seen_at', value->>'silent_since' FROM json_each(?1) WHERE true
  ON CONFLICT (integration_id) DO UPDATE SET seen_at = excluded.seen_at, silent_since = excluded.silent_since`;

/** Puts heartbeats on record as they are now, and removes others. */
export async function keepHeartbeats(
  db: PrimaryDatabase,
  changed: readonly Heartbeat[],
  gone: readonly string[],
): Promise<void> {
  await db.batch([
    db.prepare(KEEP).bind(JSON.stringify(changed)),
    db
      .prepare("DELETE FROM heartbeats WHERE integration_id IN (SELECT value FROM json_each(?1))")
      .bind(JSON.stringify(gone)),
  ]);
}
