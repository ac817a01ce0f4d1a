import type { Context } from "../../context.ts";
import {
  type MemberCounts,
  type SeriesCounts,
  addCounts,
  isIntegrationId,
  latencyQuantile,
  seriesOf,
} from "../../model/series.ts";
import {
  MAX_RANGE_ROWS,
  SERIES_STEPS,
  type SeriesStep,
  readLatest,
  readSeriesRange,
} from "../../storage/maintenance/series.ts";
import { atEachShard } from "../across-shards.ts";
import { STEP_MS, type Window } from "./window.ts";

export const MEASURES = ["accepted", "delivered", "failed", "attempts", "latency_p50", "latency_p95"] as const;
export type Measure = (typeof MEASURES)[number];
export const GROUPINGS = ["integration", "destination", "none"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** What a measure takes of the counts of one integration or destination, by name. */
type Taken = Readonly<Record<string, number>>;

function takeOf(measure: Measure, { a, f, t, l }: MemberCounts): Taken | undefined {
  switch (measure) {
    case "accepted":
      return a === undefined ? undefined : { all: a };
    case "delivered":
      return f?.["delivered"] === undefined ? undefined : { all: f["delivered"] };
    case "failed":
      return f?.["dead"] === undefined ? undefined : { all: f["dead"] };
    case "attempts":
      return t;
    case "latency_p50":
    case "latency_p95":
      return l;
  }
}

function sumOf(taken: Taken): number {
  return Object.values(taken).reduce((sum, count) => sum + count, 0);
}

/** Returns the value of a point: 0 if nothing was counted, and no latency without an attempt. */
export function valueOf(measure: Measure, taken: Taken | undefined): number | null {
  switch (measure) {
    case "accepted":
    case "delivered":
    case "failed":
    case "attempts":
      return sumOf(taken ?? {});
    case "latency_p50":
      return latencyQuantile(taken ?? {}, 0.5);
    case "latency_p95":
      return latencyQuantile(taken ?? {}, 0.95);
  }
}

/** The counts of one integration or destination, by the index of the step; `weight` is their sum. */
export type Member = { readonly id: string; readonly points: Map<number, Taken>; weight: number };

type Question = { readonly window: Window; readonly measure: Measure; readonly group_by: Grouping };

/** Returns under which id an integration or destination counts; null if it does not. Without grouping, all have the same. */
function groupOf({ measure, group_by }: Question, id: string): string | null {
  switch (group_by) {
    case "integration":
      return isIntegrationId(id) ? id : null;
    case "destination":
      return isIntegrationId(id) ? null : id;
    case "none":
      // An event is accepted once, and attempted for each of its destinations.
      return isIntegrationId(id) === (measure === "accepted") ? "" : null;
  }
}

function addRow(members: Map<string, Member>, question: Question, atMs: number, counts: SeriesCounts): void {
  const { step, from, count } = question.window;
  const index = Math.floor((atMs - from) / STEP_MS[step]);
  if (index < 0 || index >= count) return;
  for (const [id, each] of Object.entries(counts)) {
    const group = groupOf(question, id);
    const taken = group === null ? undefined : takeOf(question.measure, each);
    if (group === null || taken === undefined) continue;
    const member: Member = members.get(group) ?? { id: group, points: new Map(), weight: 0 };
    member.points.set(index, addCounts(member.points.get(index), taken) ?? taken);
    member.weight += sumOf(taken);
    members.set(group, member);
  }
}

/** The rows that may hold a part of the window: coarser ones than its step are from before its time. */
function stepsFor(step: SeriesStep): readonly SeriesStep[] {
  return SERIES_STEPS.slice(0, SERIES_STEPS.indexOf(step) + 1);
}

async function addShard({ shard: { db } }: Context, question: Question, members: Map<string, Member>): Promise<void> {
  const { step, from, count } = question.window;
  const to = from + count * STEP_MS[step];
  for (const each of stepsFor(step)) {
    const size = STEP_MS[each];
    let next = Math.floor(from / size);
    for (;;) {
      const rows = await readSeriesRange(db, each, next, Math.ceil(to / size));
      for (const row of rows) addRow(members, question, row.at * size, row.counts);
      const last = rows.at(-1);
      if (last === undefined || rows.length < MAX_RANGE_ROWS) break;
      next = last.at + 1;
    }
  }
  const { tallies } = await readLatest(db);
  for (const [minute, own] of Map.groupBy(tallies, (tally) => tally[1])) {
    addRow(members, question, minute * STEP_MS.minute, seriesOf(own));
  }
}

/** Returns the counts of the integrations or destinations in a window, the largest first, from all shards. */
export async function collect(context: Context, question: Question): Promise<readonly Member[]> {
  const members = new Map<string, Member>();
  for (const at of atEachShard(context)) await addShard(at, question, members);
  return [...members.values()].toSorted((x, y) => y.weight - x.weight || (x.id < y.id ? -1 : 1));
}

/** Adds members up to one. */
export function addMembers(id: string, members: readonly Member[]): Member {
  const sum: Member = { id, points: new Map(), weight: 0 };
  for (const { points, weight } of members) {
    for (const [index, taken] of points) sum.points.set(index, addCounts(sum.points.get(index), taken) ?? taken);
    sum.weight += weight;
  }
  return sum;
}
