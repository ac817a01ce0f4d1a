import type { Context } from "../context.ts";
import { type SeriesCounts, type Tally, addSeries, boundSeries, isIntegrationId, seriesOf } from "../model/series.ts";
import type { ShardDatabase } from "../platform/shards.ts";
import {
  MAX_RANGE_ROWS,
  type SeriesKey,
  type SeriesPart,
  type SeriesState,
  type SeriesStep,
  readOldest,
  readParts,
  readSeriesRange,
  readSeriesRows,
  readSeriesState,
  storeSeries,
} from "../storage/maintenance/series.ts";
import type { MaintenanceTask } from "./task.ts";

const MINUTE_MS = 60_000;
const MINUTES_PER_HOUR = 60;
const HOURS_PER_DAY = 24;
/** How long rows of minutes and of hours are kept; then they become one of their hour, or of their day. */
const MINUTES_KEPT = 25 * MINUTES_PER_HOUR;
const HOURS_KEPT = 31 * HOURS_PER_DAY;
/** The integrations, and the destinations, of a row and of the totals. */
const MAX_MEMBERS = 500;
const MAX_TOTALS = 2_000;
/** The rows that one addition changes. Parts that would change more are added by hour. */
const MAX_CHANGED_ROWS = 120;
const CALLS_PER_ADDITION = 8;
const CALLS_PER_COMPACTION = 7;

function keyAt(minute: number, { minutes_from, hours_from }: SeriesState): SeriesKey {
  if (minute >= minutes_from) return { step: "minute", at: minute };
  const hour = Math.floor(minute / MINUTES_PER_HOUR);
  if (hour >= hours_from) return { step: "hour", at: hour };
  return { step: "day", at: Math.floor(hour / HOURS_PER_DAY) };
}

function nameOf({ step, at }: SeriesKey): string {
  return `${step} ${at}`;
}

/** Returns tallies by the row that they belong to. */
function byRow(tallies: readonly Tally[], state: SeriesState): Map<string, { key: SeriesKey; tallies: Tally[] }> {
  const rows = new Map<string, { key: SeriesKey; tallies: Tally[] }>();
  for (const tally of tallies) {
    const key = keyAt(tally[1], state);
    const row = rows.get(nameOf(key)) ?? { key, tallies: [] };
    row.tallies.push(tally);
    rows.set(nameOf(key), row);
  }
  return rows;
}

/** Moves tallies to the first minute of their hour. */
function coarsened(tallies: readonly Tally[]): Tally[] {
  return tallies.map(([kind, minute, ...rest]) => [
    kind,
    Math.floor(minute / MINUTES_PER_HOUR) * MINUTES_PER_HOUR,
    ...rest,
  ]);
}

/** Returns as many parts, from the first on, as change few rows, and what they add to each row. */
function takeParts(parts: readonly SeriesPart[], state: SeriesState) {
  const taken: SeriesPart[] = [];
  const tallies: Tally[] = [];
  for (const part of parts) {
    const isWide = byRow(part.tallies, state).size > MAX_CHANGED_ROWS;
    const own = isWide ? coarsened(part.tallies) : part.tallies;
    if (taken.length > 0 && byRow([...tallies, ...own], state).size > MAX_CHANGED_ROWS) break;
    taken.push(part);
    tallies.push(...own);
  }
  return { taken, tallies, rows: [...byRow(tallies, state).values()] };
}

/** Returns what the totals keep: accepted events of integrations, and ends and attempts of destinations. */
function totalsOf(tallies: readonly Tally[]): SeriesCounts {
  const kept = tallies.filter(([kind, , id]) => (kind === "a") === isIntegrationId(id));
  return seriesOf(kept.map(([kind, minute, id, name, , count]) => [kind, minute, id, name, null, count]));
}

/** Adds parts to their rows and to the totals. Returns their number. */
async function addParts(db: ShardDatabase): Promise<number> {
  const { state, parts } = await readParts(db);
  if (parts.length === 0) return 0;
  const { taken, tallies, rows } = takeParts(parts, state);
  const known = await readSeriesRows(
    db,
    rows.map(({ key }) => key),
  );
  const counts = new Map(known.map((row) => [nameOf(row), row.counts]));
  await storeSeries(db, state.version, {
    state: { ...state, totals: boundSeries(addSeries([state.totals, totalsOf(tallies)]), MAX_TOTALS) },
    rows: rows.map(({ key, tallies: own }) => ({
      ...key,
      counts: boundSeries(addSeries([counts.get(nameOf(key)) ?? {}, seriesOf(own)]), MAX_MEMBERS),
    })),
    part_ids: taken.map(({ id }) => id),
    gone: [],
  });
  return taken.length;
}

type Compaction = {
  readonly from: SeriesStep;
  readonly to: SeriesStep;
  readonly size: number;
  /** Rows of `from` before this are compacted. */
  readonly before: number;
  readonly begin: (state: SeriesState, at: number) => SeriesState;
};

/** Replaces the rows of the oldest hour or day, if they are old enough, by one. Returns whether it did. */
async function compactOldest(db: ShardDatabase, { from, to, size, before, begin }: Compaction): Promise<boolean> {
  const oldest = await readOldest(db, from);
  if (oldest === null) return false;
  const at = Math.floor(oldest / size);
  if ((at + 1) * size > before) return false;
  const state = await readSeriesState(db);
  const rows = await readSeriesRange(db, from, at * size, (at + 1) * size);
  const known = await readSeriesRows(db, [{ step: to, at }]);
  const counts = boundSeries(addSeries([...known, ...rows].map((row) => row.counts)), MAX_MEMBERS);
  await storeSeries(db, state.version, {
    state: begin(state, (at + 1) * size),
    rows: [{ step: to, at, counts }],
    part_ids: [],
    gone: rows.slice(0, MAX_RANGE_ROWS).map(({ step, at: each }) => ({ step, at: each })),
  });
  return true;
}

async function updateSeries({ shard: { db }, clock }: Context, maxCalls: number): Promise<number> {
  let calls = 0;
  let changed = 0;
  do {
    calls += CALLS_PER_ADDITION;
    const added = await addParts(db);
    changed += added;
    if (added === 0) break;
  } while (calls + CALLS_PER_ADDITION <= maxCalls);
  const minute = Math.floor(clock() / MINUTE_MS);
  const hour = Math.floor(minute / MINUTES_PER_HOUR);
  const compactions: readonly Compaction[] = [
    {
      from: "minute",
      to: "hour",
      size: MINUTES_PER_HOUR,
      before: minute - MINUTES_KEPT,
      begin: (state, minutes_from) => ({ ...state, minutes_from: Math.max(state.minutes_from, minutes_from) }),
    },
    {
      from: "hour",
      to: "day",
      size: HOURS_PER_DAY,
      before: hour - HOURS_KEPT,
      begin: (state, hours_from) => ({ ...state, hours_from: Math.max(state.hours_from, hours_from) }),
    },
  ];
  for (const compaction of compactions) {
    if (calls > 0 && calls + CALLS_PER_COMPACTION > maxCalls) break;
    calls += CALLS_PER_COMPACTION;
    if (await compactOldest(db, compaction)) changed += 1;
  }
  return changed;
}

/** Adds what was counted to the rows of charts, and replaces old rows by coarser ones. Returns the number of parts and rows. */
export const series: MaintenanceTask = { name: "series", per: "shard", max_calls: 30, run: updateSeries };
