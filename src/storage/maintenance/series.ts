import type { SeriesCounts, Tally } from "../../model/series.ts";
import type { ShardDatabase } from "../../platform/shards.ts";
import { jsonChunks } from "../chunks.ts";
import { type Row, fromColumn, fromColumnOrNull, integer, oneOf, text } from "../rows.ts";
import { packCounts, unpackCounts } from "./packed-counts.ts";
import { WATERMARK } from "./rollups.ts";
import { talliesAfter } from "./series-parts.ts";

// The counts of charts. A time is in one row only: of its minute, of its hour or of its day.

export const SERIES_STEPS = ["minute", "hour", "day"] as const;
export type SeriesStep = (typeof SERIES_STEPS)[number];

/** A row. `at` counts its steps since 1970. */
export type SeriesRow = { readonly step: SeriesStep; readonly at: number; readonly counts: SeriesCounts };

/** The state of a shard. Rows of minutes begin with `minutes_from`, rows of hours with `hours_from`; days are before that. */
export type SeriesState = {
  readonly version: number;
  readonly minutes_from: number;
  readonly hours_from: number;
  /** Everything that was ever counted. */
  readonly totals: SeriesCounts;
};

const START: SeriesState = { version: 0, minutes_from: 0, hours_from: 0, totals: {} };

/** What one reading takes, at most. */
const MAX_PARTS = 200;
const MAX_PART_CHARACTERS = 4_000_000;

const READ_STATE = "SELECT (SELECT counts FROM series WHERE step = 'total' AND at = 0) AS state";
const READ_PARTS = `
  SELECT id, counts FROM (
    SELECT id, counts, SUM(LENGTH(counts)) OVER (ORDER BY id) - LENGTH(counts) AS characters_before
    FROM (SELECT id, counts FROM series_parts ORDER BY id LIMIT ${MAX_PARTS}))
  WHERE characters_before < ${MAX_PART_CHARACTERS}`;

/** Tallies that are not added up yet. */
export type SeriesPart = { readonly id: string; readonly tallies: readonly Tally[] };

function parseState(row: Row | undefined): SeriesState {
  return fromColumnOrNull<SeriesState>(row ?? { state: null }, "state") ?? START;
}

function parseParts(rows: readonly Row[]): SeriesPart[] {
  return rows.map((row) => ({ id: text(row, "id"), tallies: fromColumn<Tally[]>(row, "counts") }));
}

export async function readSeriesState(db: ShardDatabase): Promise<SeriesState> {
  return parseState((await db.prepare(READ_STATE).first<Row>()) ?? undefined);
}

/** Reads the state of a shard, and parts that are to be added to it. */
export async function readParts(
  db: ShardDatabase,
): Promise<{ readonly state: SeriesState; readonly parts: readonly SeriesPart[] }> {
  const [state, parts] = await db.batch<Row>([db.prepare(READ_STATE), db.prepare(READ_PARTS)]);
  return { state: parseState(state?.results[0]), parts: parseParts(parts?.results ?? []) };
}

/** The events after the last pass that a reading counts. */
const MAX_NEW_EVENTS = 5_000;
const READ_NEW = talliesAfter(WATERMARK, MAX_NEW_EVENTS);

function parseTally(row: Row): Tally {
  const latency = row["latency"];
  return [
    oneOf(row, "kind", ["a", "t", "f"]),
    integer(row, "minute"),
    text(row, "id"),
    text(row, "name"),
    typeof latency === "number" ? latency : null,
    integer(row, "count"),
  ];
}

/** Reads the state of a shard, and everything that is not in its rows yet, in one transaction. */
export async function readLatest(
  db: ShardDatabase,
): Promise<{ readonly state: SeriesState; readonly tallies: readonly Tally[] }> {
  const [state, parts, latest] = await db.batch<Row>([
    db.prepare(READ_STATE),
    db.prepare(READ_PARTS),
    db.prepare(READ_NEW),
  ]);
  const tallies = parseParts(parts?.results ?? []).flatMap((part) => part.tallies);
  return { state: parseState(state?.results[0]), tallies: [...tallies, ...(latest?.results ?? []).map(parseTally)] };
}

async function parseRow(row: Row): Promise<SeriesRow> {
  return {
    step: oneOf(row, "step", SERIES_STEPS),
    at: integer(row, "at"),
    counts: await unpackCounts(text(row, "counts")),
  };
}

/** The key of a row. */
export type SeriesKey = Pick<SeriesRow, "step" | "at">;

/** Returns those of the rows that exist. */
export async function readSeriesRows(db: ShardDatabase, keys: readonly SeriesKey[]): Promise<readonly SeriesRow[]> {
  const { results } = await db
    .prepare("SELECT s.* FROM json_each(?1) k JOIN series s ON s.step = k.value->>'step' AND s.at = k.value->>'at'")
    .bind(JSON.stringify(keys))
    .all<Row>();
  return await Promise.all(results.map(parseRow));
}

/** The rows that one reading of a range takes. */
export const MAX_RANGE_ROWS = 100;

/** Returns rows from `from` on and before `to`, oldest first: the first ones. */
export async function readSeriesRange(
  db: ShardDatabase,
  step: SeriesStep,
  from: number,
  to: number,
): Promise<readonly SeriesRow[]> {
  const { results } = await db
    .prepare(`SELECT * FROM series WHERE step = ?1 AND at >= ?2 AND at < ?3 ORDER BY at LIMIT ${MAX_RANGE_ROWS}`)
    .bind(step, from, to)
    .all<Row>();
  return await Promise.all(results.map(parseRow));
}

/** Returns the time of the oldest row of a step, or null if there is none. */
export async function readOldest(db: ShardDatabase, step: SeriesStep): Promise<number | null> {
  const row = await db.prepare("SELECT at FROM series WHERE step = ?1 ORDER BY at LIMIT 1").bind(step).first<Row>();
  return row === null ? null : integer(row, "at");
}

const AT_VERSION = "COALESCE((SELECT counts->>'version' FROM series WHERE step = 'total' AND at = 0), 0) = ?2";
const STORE_ROWS = `
  INSERT INTO series (step, at, counts)
  SELECT u.value->>'step', u.value->>'at', u.value->>'counts' FROM json_each(?1) u WHERE ${AT_VERSION}
  ON CONFLICT (step, at) DO UPDATE SET counts = excluded.counts`;
const DELETE_PARTS = `DELETE FROM series_parts WHERE id IN (SELECT value FROM json_each(?1)) AND ${AT_VERSION}`;
const DELETE_ROWS = `
  DELETE FROM series WHERE (step, at) IN (SELECT value->>'step', value->>'at' FROM json_each(?1)) AND ${AT_VERSION}`;
const STORE_STATE = `
  INSERT INTO series (step, at, counts) SELECT 'total', 0, ?1 WHERE ${AT_VERSION}
  ON CONFLICT (step, at) DO UPDATE SET counts = excluded.counts`;

/** A change of the rows of a shard. */
export type SeriesChange = {
  readonly state: SeriesState;
  readonly rows: readonly SeriesRow[];
  /** Parts that are in the rows now, and rows that others stand for. */
  readonly part_ids: readonly string[];
  readonly gone: readonly SeriesKey[];
};

/** Stores a change, unless another run has stored one since the state with this `version` was read. */
export async function storeSeries(db: ShardDatabase, version: number, change: SeriesChange): Promise<void> {
  const { state, rows, part_ids, gone } = change;
  const packed = await Promise.all(
    rows.map(async ({ counts, ...key }) => ({ ...key, counts: await packCounts(counts) })),
  );
  // The state comes last: the version changes with it.
  await db.batch([
    ...jsonChunks(packed).map((chunk) => db.prepare(STORE_ROWS).bind(chunk, version)),
    ...(part_ids.length === 0 ? [] : [db.prepare(DELETE_PARTS).bind(JSON.stringify(part_ids), version)]),
    ...(gone.length === 0 ? [] : [db.prepare(DELETE_ROWS).bind(JSON.stringify(gone), version)]),
    db.prepare(STORE_STATE).bind(JSON.stringify({ ...state, version: version + 1 }), version),
  ]);
}
