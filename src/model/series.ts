import type { Attempt, Delivery } from "./delivery.ts";
import { type EventRecord, isOfGateway } from "./event.ts";

// What happened in a minute, an hour or a day, by integration and by destination.

/** The upper bounds of the classes of latency, in ms. Slower attempts are in one class more. */
export const LATENCY_BOUNDS_MS = [
  1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000, 1_500, 2_000, 3_000, 5_000, 7_000, 10_000,
  15_000, 20_000, 30_000,
] as const;
/** The upper bound of the slowest class: longer than any time-out. */
const MAX_LATENCY_MS = 60_000;

/** How an attempt ended: the class of its status, `stored` by a destination that has no status, or `error` without a response. */
function codeClassOf({ status, error }: Attempt): string {
  if (status !== null) return `${Math.floor(status / 100)}xx`;
  return error === null ? "stored" : "error";
}

function latencyClassOf({ duration_ms }: Attempt): number {
  const index = LATENCY_BOUNDS_MS.findIndex((bound) => duration_ms <= bound);
  return index < 0 ? LATENCY_BOUNDS_MS.length : index;
}

/**
 * A count as it is stored before it is added up: accepted events of an integration (`a`), deliveries that were made for a
 * destination (`a`), attempts (`t`, with their code class and latency class), or deliveries that ended (`f`, with their status).
 * The minute is counted since 1970; the id is that of an integration or of a destination.
 */
export type Tally = readonly [
  kind: "a" | "t" | "f",
  minute: number,
  id: string,
  name: string,
  latency: number | null,
  count: number,
];

/** Stand for the integrations and destinations that a row has no room for. */
export const OTHER_INTEGRATIONS = "int_";
export const OTHER_DESTINATIONS = "dst_";

export function isIntegrationId(id: string): boolean {
  return id.startsWith(OTHER_INTEGRATIONS);
}

function minuteOf(iso: string): number {
  return Math.floor(Date.parse(iso) / 60_000);
}

/** Returns what a change of deliveries adds. `before` are the deliveries of the event before the change. */
export function talliesOfChange(
  event: Pick<EventRecord, "integration_id">,
  before: readonly Delivery[],
  after: readonly Delivery[],
): readonly Tally[] {
  const known = new Map(before.map((each) => [each.id, each]));
  return after.flatMap((delivery) => {
    const old = known.get(delivery.id);
    if (old === delivery) return [];
    const ids = isOfGateway(event) ? [delivery.destination_id] : [delivery.destination_id, event.integration_id];
    const made: Tally[] =
      old === undefined ? [["a", minuteOf(delivery.created_at), delivery.destination_id, "", null, 1]] : [];
    const attempts = delivery.attempts
      .slice(old?.attempts.length ?? 0)
      .flatMap((attempt) =>
        ids.map((id): Tally => ["t", minuteOf(attempt.at), id, codeClassOf(attempt), latencyClassOf(attempt), 1]),
      );
    const { status } = delivery;
    const isEnd = status !== "pending" && status !== old?.status;
    const ends = isEnd ? ids.map((id): Tally => ["f", minuteOf(delivery.updated_at), id, status, null, 1]) : [];
    return [...made, ...attempts, ...ends];
  });
}

/** Returns what a recorded event adds. */
export function talliesOfEvent(
  event: Pick<EventRecord, "integration_id" | "type" | "received_at" | "deliveries">,
): readonly Tally[] {
  const isAccepted = !isOfGateway(event) && event.type !== "event.group";
  const accepted: Tally[] = isAccepted ? [["a", minuteOf(event.received_at), event.integration_id, "", null, 1]] : [];
  return [...accepted, ...talliesOfChange(event, [], event.deliveries)];
}

type Counts = Readonly<Record<string, number>>;

/** What happened to one integration or destination: accepted, ends by status, attempts by code class, attempts by latency class. */
export type MemberCounts = { readonly a?: number; readonly f?: Counts; readonly t?: Counts; readonly l?: Counts };

/** Counts by integration and by destination. */
export type SeriesCounts = Readonly<Record<string, MemberCounts>>;

export function addCounts(a: Counts | undefined, b: Counts | undefined): Counts | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const sum: Record<string, number> = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

function addMembers(x: MemberCounts, y: MemberCounts): MemberCounts {
  const [f, t, l] = [addCounts(x.f, y.f), addCounts(x.t, y.t), addCounts(x.l, y.l)];
  const a = (x.a ?? 0) + (y.a ?? 0);
  return { ...(a > 0 && { a }), ...(f && { f }), ...(t && { t }), ...(l && { l }) };
}

function memberOf([kind, , , name, latency, count]: Tally): MemberCounts {
  switch (kind) {
    case "a":
      return { a: count };
    case "f":
      return { f: { [name]: count } };
    case "t":
      return { t: { [name]: count }, ...(latency === null ? {} : { l: { [latency]: count } }) };
  }
}

/** Adds counts up. */
export function addSeries(rows: readonly SeriesCounts[]): SeriesCounts {
  const sum: Record<string, MemberCounts> = {};
  for (const row of rows) {
    for (const [id, counts] of Object.entries(row)) sum[id] = addMembers(sum[id] ?? {}, counts);
  }
  return sum;
}

/** Adds tallies up, whatever their minute. */
export function seriesOf(tallies: readonly Tally[]): SeriesCounts {
  const sum: Record<string, MemberCounts> = {};
  for (const tally of tallies) sum[tally[2]] = addMembers(sum[tally[2]] ?? {}, memberOf(tally));
  return sum;
}

function weightOf({ a = 0, t = {} }: MemberCounts): number {
  return Object.values(t).reduce((sum, count) => sum + count, a);
}

/** Keeps the busiest integrations and destinations, so many of each, and adds up the others. */
export function boundSeries(counts: SeriesCounts, maxMembers: number): SeriesCounts {
  const entries = Object.entries(counts);
  if (entries.length <= maxMembers) return counts;
  const bound = (own: typeof entries, other: string): SeriesCounts => {
    const named = own.filter(([id]) => id !== other).toSorted((x, y) => weightOf(y[1]) - weightOf(x[1]));
    const rest = [...named.slice(maxMembers), ...own.filter(([id]) => id === other)].map(([, each]) => ({
      [other]: each,
    }));
    return { ...Object.fromEntries(named.slice(0, maxMembers)), ...addSeries(rest) };
  };
  return {
    ...bound(
      entries.filter(([id]) => isIntegrationId(id)),
      OTHER_INTEGRATIONS,
    ),
    ...bound(
      entries.filter(([id]) => !isIntegrationId(id)),
      OTHER_DESTINATIONS,
    ),
  };
}

/** Returns the latency that a share of attempts stays below, in ms, from their number by latency class; null if there are none. */
export function latencyQuantile(byClass: Counts, share: number): number | null {
  const classes = [...LATENCY_BOUNDS_MS, MAX_LATENCY_MS].map((bound, index) => ({ bound, count: byClass[index] ?? 0 }));
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  let left = total * share;
  let lower = 0;
  for (const { bound, count } of classes) {
    if (count > 0 && left <= count) return Math.round(lower + ((bound - lower) * left) / count);
    left -= count;
    lower = bound;
  }
  return MAX_LATENCY_MS;
}
