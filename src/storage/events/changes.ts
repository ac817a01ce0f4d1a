import type { ShardDatabase } from "../../platform/shards.ts";
import { type Delivery, RETRIED_BY_HAND } from "../../model/delivery.ts";
import type { EventRecord } from "../../model/event.ts";
import type { Tally } from "../../model/series.ts";
import { KEEP_CAPTURED, type NewlyCaptured } from "../alerts/captured-values.ts";
import { jsonChunks } from "../chunks.ts";
import { HAS_PENDING, type RowForm, rescueAt, storedDeliveries } from "./deliveries-column.ts";
import { type Row, text } from "../rows.ts";
import { REOPEN_HOURS, TALLY_CHANGED, concernsOf, hourOf, rollupChanged } from "../maintenance/rollups.ts";

/** New deliveries of an event, computed from the event at `version`. */
export type DeliveriesChange = {
  readonly id: string;
  readonly version: number;
  readonly deliveries: readonly Delivery[];
  /** What the change adds to charts. */
  readonly tallies: readonly Tally[];
  /** What its deliveries have captured with the change. */
  readonly captured?: readonly NewlyCaptured[];
};

const CHANGE_DELIVERIES = `
  UPDATE events SET version = events.version + 1, deliveries = u.value->>'deliveries', rescue_at = u.value->>'rescue_at'
  FROM json_each(?1) u WHERE events.id = u.value->>'id' AND events.version = u.value->>'version'
  RETURNING events.id AS id`;

const ROLLUP_REPLAYED = rollupChanged("e.grouped");

function isByHand({ status, reason, replay_of }: Delivery): boolean {
  return status === "pending" && (replay_of !== null || reason === RETRIED_BY_HAND);
}

/** Writes changed deliveries. Returns the ids of the events that still had their `version`: only these were written. */
export async function changeDeliveries(
  db: ShardDatabase,
  changes: readonly DeliveriesChange[],
  form: RowForm = "full",
): Promise<Set<string>> {
  const rows = changes.map((change) => ({
    ...change,
    deliveries: storedDeliveries(change.deliveries, form),
    rescue_at: rescueAt(change.deliveries),
    hour: hourOf(change.id),
    concerns: concernsOf(change),
  }));
  const written = new Set<string>();
  const written_rows = rows.map(({ tallies: _tallies, captured: _captured, ...row }) => row);
  const statements = jsonChunks(written_rows).map((chunk) => db.prepare(CHANGE_DELIVERIES).bind(chunk));
  // Only replays and retries by hand add deliveries, or reopen finished ones.
  const reopened = new Set(changes.filter(({ deliveries }) => deliveries.some(isByHand)).map(({ id }) => id));
  const byHand = rows.filter(({ id }) => reopened.has(id));
  for (const chunk of jsonChunks(byHand)) {
    statements.unshift(db.prepare(ROLLUP_REPLAYED).bind(chunk), db.prepare(REOPEN_HOURS).bind(chunk));
  }
  const tallied = rows
    .filter(({ tallies }) => tallies.length > 0)
    .map(({ id, version, tallies }) => ({ id, version, tallies }));
  for (const chunk of jsonChunks(tallied)) statements.unshift(db.prepare(TALLY_CHANGED).bind(chunk));
  const captured = changes.flatMap((change) => change.captured ?? []);
  for (const chunk of jsonChunks(captured)) statements.unshift(db.prepare(KEEP_CAPTURED).bind(chunk));
  for (const result of await db.batch<Row>(statements)) {
    for (const row of result.results) written.add(text(row, "id"));
  }
  return written;
}

const POSTPONE = `
  UPDATE events SET rescue_at = u.value->>'rescue_at' FROM json_each(?1) u
  WHERE events.id = u.value->>'id' AND ${HAS_PENDING}`;

/** Postpones the next rescue of events until they are due again, and at least until `notBefore` (ms since 1970). */
export async function postponeRescue(
  db: ShardDatabase,
  events: readonly EventRecord[],
  notBefore: number,
): Promise<void> {
  const rows = events.map(({ id, deliveries }) => ({
    id,
    rescue_at: Math.max(rescueAt(deliveries) ?? 0, notBefore),
  }));
  await db.prepare(POSTPONE).bind(JSON.stringify(rows)).run();
}
