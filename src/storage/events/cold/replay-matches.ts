import { REPLAYABLE_STATUSES, type Replay, type ReplayableStatus } from "../../../model/replay.ts";
import { eventIdOf, replaySuffixOf } from "../../../model/ids.ts";
import type { EventStores } from "../../../platform/shards.ts";
import { mayCount } from "../../segments/counts.ts";
import type { HeadDelivery, SegmentHead } from "../../segments/heads.ts";
import { readHeads, readRows } from "../../segments/reader.ts";
import { type Segment, findSegments, readOldestSegments, readSegments } from "../../segments/segment-rows.ts";
import { MAX_DELIVERIES, parseDeliveries } from "../deliveries-column.ts";
import { ERASED_CONTENT } from "../event-row.ts";
import { inRounds, orLeaveOut } from "./rounds.ts";

// The deliveries in segments that a bulk replay repeats, as replay-matches.ts finds those in `events`.

/** A replay, the enabled destinations, and the bounds of the events that it repeats. */
export type ColdReplay = {
  readonly replay: Replay;
  readonly enabled: ReadonlySet<string>;
  /** The id above which events are searched, and the one below which they are. */
  readonly after: string;
  readonly below: string;
};

export type ColdMatch = { readonly event_id: string; readonly delivery_id: string };

function replayable(status: HeadDelivery["status"]): ReplayableStatus | null {
  return REPLAYABLE_STATUSES.find((each) => each === status) ?? null;
}

function canMatch({ counts }: Segment, { filter }: Replay): boolean {
  return (
    filter.status.some((status) => mayCount(counts.statuses, status)) &&
    (filter.integration_id === null || mayCount(counts.integrations, filter.integration_id)) &&
    (filter.destination_id === null || mayCount(counts.destinations, filter.destination_id))
  );
}

/** Returns the deliveries of an event that a replay repeats, by what its head says. */
function matchesIn(head: SegmentHead, { replay, enabled }: ColdReplay): HeadDelivery[] {
  const { filter } = replay;
  if (head.type === null || head.stored_at === ERASED_CONTENT.stored_at) return [];
  if (head.deliveries.length >= MAX_DELIVERIES) return [];
  if (filter.integration_id !== null && head.integration_id !== filter.integration_id) return [];
  const own = replaySuffixOf(replay.id);
  const isOwn = ({ id }: HeadDelivery): boolean => id.endsWith(own);
  const createdBy = Date.parse(replay.created_at);
  return head.deliveries.filter((each, place) => {
    const status = replayable(each.status);
    return (
      status !== null &&
      filter.status.includes(status) &&
      (filter.destination_id === null || each.destination_id === filter.destination_id) &&
      (filter.route_id === null || each.route_id === filter.route_id) &&
      (filter.delivery_ids === null || filter.delivery_ids.includes(each.id)) &&
      enabled.has(each.destination_id) &&
      each.created_ms <= createdBy &&
      !isOwn(each) &&
      !head.deliveries.some((later, at) => at > place && later.destination_id === each.destination_id && !isOwn(later))
    );
  });
}

const NOT_REPEATED: ReadonlySet<string | null> = new Set(["superseded", "content_erased"]);

/** Returns the matches of a segment. Why a delivery was cancelled is in its row only. `reads`: how often R2 was read. */
async function matchesOf(
  { bodies }: EventStores,
  segment: Segment,
  search: ColdReplay,
): Promise<{ readonly found: readonly ColdMatch[]; readonly reads: number }> {
  const heads = (await readHeads(bodies, segment)).filter(({ id }) => id > search.after && id < search.below);
  const matches = heads.flatMap((head) =>
    matchesIn(head, search).map(({ id, status }) => ({ event_id: head.id, delivery_id: id, status })),
  );
  const cancelled = matches.filter(({ status }) => status === "cancelled").map(({ event_id }) => event_id);
  if (cancelled.length === 0) return { found: matches, reads: 1 };
  const rows = await readRows(bodies, segment, cancelled);
  const excluded = new Set(
    rows.flatMap((row) => parseDeliveries(row).flatMap(({ id, reason }) => (NOT_REPEATED.has(reason) ? id : []))),
  );
  return { found: matches.filter(({ delivery_id }) => !excluded.has(delivery_id)), reads: 2 };
}

/** A count reads at most so many times from R2. */
const MAX_COUNT_READS = 40;
const COUNTED_SEGMENTS = 400;

type ColdCount = { readonly count: number; readonly is_exact: boolean };

/** Counts the deliveries that a replay would repeat, in segments of at most `maxEvents` events. `is_exact` is false if some were left. */
export async function countColdMatches(stores: EventStores, search: ColdReplay, maxEvents: number): Promise<ColdCount> {
  return await inRounds((isLast) => countOnce(stores, search, maxEvents, isLast));
}

async function countOnce(
  stores: EventStores,
  search: ColdReplay,
  maxEvents: number,
  isLast: boolean,
): Promise<ColdCount> {
  const { delivery_ids } = search.replay.filter;
  let count = 0;
  let left = maxEvents;
  let reads = 0;
  for (let before = "~"; ;) {
    const segments =
      delivery_ids === null
        ? await readSegments(stores.shard.db, { from: search.after, below: search.below }, before, COUNTED_SEGMENTS)
        : await findSegments(stores.shard.db, [...new Set(delivery_ids.map(eventIdOf))]);
    for (const segment of segments) {
      if (!canMatch(segment, search.replay)) continue;
      if (left <= 0 || reads >= MAX_COUNT_READS) return { count, is_exact: false };
      const matches = await orLeaveOut(segment, isLast, () => matchesOf(stores, segment, search));
      count += matches?.found.length ?? 0;
      reads += matches?.reads ?? 1;
      left -= segment.events;
    }
    const last = segments.at(-1);
    if (last === undefined || segments.length < COUNTED_SEGMENTS) return { count, is_exact: true };
    before = last.id;
  }
}

/** The segments that one step looks at, and how many with possible matches it reads. */
const STEP_SEGMENTS = 100;
const STEP_READ = 2;
/** More segments than this never overlap. */
const MAX_OVERLAPPING = 500;
/** The named events that one step looks for. */
const STEP_EVENTS = 50;

/** What a step found. Segments have no other match up to and with `through`; null if they have none at all. */
export type ColdMatches = { readonly found: readonly ColdMatch[]; readonly through: string | null };

/** Returns the segments that a step reads, and the event up to which they hold everything; null if there are no others. */
async function segmentsOfStep(
  { shard: { db } }: EventStores,
  { replay, after, below }: ColdReplay,
): Promise<{ readonly segments: readonly Segment[]; readonly through: string | null }> {
  const { delivery_ids } = replay.filter;
  if (delivery_ids !== null) {
    const ids = [...new Set(delivery_ids.map(eventIdOf))].filter((id) => id > after && id < below).toSorted();
    const own = ids.slice(0, STEP_EVENTS);
    return { segments: await findSegments(db, own), through: own.length < ids.length ? (own.at(-1) ?? null) : null };
  }
  const oldest = await readOldestSegments(db, { from: after, below }, STEP_SEGMENTS);
  let through: string | null = null;
  let matching = 0;
  for (const segment of oldest) {
    through = segment.to_id;
    if (canMatch(segment, replay)) matching += 1;
    if (matching === STEP_READ) break;
  }
  const isAll = matching < STEP_READ && oldest.length < STEP_SEGMENTS;
  if (through === null || isAll) return { segments: oldest, through: null };
  // Newer segments may have events from before the end of these.
  const overlapping = await readSegments(db, { from: after, below: `${through}~` }, "~", MAX_OVERLAPPING);
  const own = oldest.filter(({ to_id }) => to_id <= through);
  return { segments: [...new Map([...own, ...overlapping].map((each) => [each.id, each])).values()], through };
}

/** Returns the oldest deliveries in segments that a replay's next step repeats, in the order of their events. */
export async function readColdMatches(stores: EventStores, search: ColdReplay): Promise<ColdMatches> {
  return await inRounds((isLast) => readOnce(stores, search, isLast));
}

async function readOnce(stores: EventStores, search: ColdReplay, isLast: boolean): Promise<ColdMatches> {
  const { segments, through } = await segmentsOfStep(stores, search);
  const found: ColdMatch[] = [];
  for (const segment of segments) {
    if (!canMatch(segment, search.replay)) continue;
    const matches = await orLeaveOut(segment, isLast, () => matchesOf(stores, segment, search));
    found.push(...(matches?.found ?? []));
  }
  const within = found.filter(({ event_id }) => through === null || event_id <= through);
  return { found: within.toSorted((a, b) => (a.event_id < b.event_id ? -1 : 1)), through };
}

/** Returns those of the deliveries that are in segments. */
export async function readColdDeliveries(stores: EventStores, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const wanted = new Set(ids);
  const found = new Set<string>();
  for (const segment of await findSegments(stores.shard.db, [...new Set(ids.map(eventIdOf))])) {
    if (found.size === wanted.size) break;
    for (const { deliveries } of await readHeads(stores.bodies, segment)) {
      for (const { id } of deliveries) if (wanted.has(id)) found.add(id);
    }
  }
  return found;
}
