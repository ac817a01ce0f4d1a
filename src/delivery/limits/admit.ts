import { type Delivery, PUT_OFF, RETRIED_BY_HAND } from "../../model/delivery.ts";
import type { Destination } from "../../model/destination.ts";
import { type LaneWish, reserveSlots, claimProbe, leaseLanes, returnLanes } from "../../storage/destinations/health.ts";
import { describeError, logLine } from "../../platform/log.ts";
import type { Context } from "../../context.ts";
import { firstPlace, placeTimes } from "./rate-limit-slots.ts";
import { passageOf } from "./breaker.ts";

// What stands between a delivery that is due and its attempt: the breaker of its destination, and the destination's own limits.
// Whatever is held up is put off without an attempt being spent.

/** The most lanes that one batch can use. */
const MAX_LANES = 6;
/** How long a delivery waits for a place beside others, in ms. */
const BUSY_MS = 2_000;
/** What an attempt may take beyond its time-out until it is entered, in ms. */
const MARGIN_MS = 10_000;

export type Gated = { readonly delivery: Delivery; readonly destination: Destination; readonly chain: string };

export type PutOff = { readonly until_ms: number; readonly reason: (typeof PUT_OFF)[keyof typeof PUT_OFF] };

export type Gate<T> = {
  /** What may be attempted now, in order, with the chain that it is to go in. */
  readonly go: readonly { readonly job: T; readonly chain: string }[];
  readonly put_off: ReadonlyMap<T, PutOff>;
  /** Gives back what was leased of destinations, as soon as no attempt of theirs is under way. Never rejects. */
  readonly release: (destinationIds: readonly string[]) => Promise<void>;
};

/** How long a delivery may be put off at most, in ms: the step of its schedule that it is at. */
function stepMs(context: Context, { delivery, destination }: Gated): number {
  const schedule = destination.retry_schedule ?? context.settings.retry_schedule;
  const made = Math.max(0, delivery.attempts.length - 1);
  return (schedule[made] ?? schedule.at(-1) ?? 0) * 1_000;
}

/** The breaker lets these through: what was put off once has waited its step, and who retries by hand wants to know now. */
function passesBreaker({ delivery }: Gated): boolean {
  return delivery.reason === PUT_OFF.breaker || delivery.reason === RETRIED_BY_HAND;
}

async function passBreaker<T extends Gated>(
  context: Context,
  destination: Destination,
  jobs: readonly T[],
  putOff: Map<T, PutOff>,
): Promise<readonly T[]> {
  const { health } = context.caches;
  const nowMs = context.clock();
  const passage = passageOf(health.stateOf(destination.id), nowMs);
  const forced = jobs.filter(passesBreaker);
  const others = jobs.filter((job) => !passesBreaker(job));
  const holdUp = (held: readonly T[], until: number): void => {
    for (const job of held) {
      putOff.set(job, { until_ms: Math.min(until, nowMs + stepMs(context, job)), reason: PUT_OFF.breaker });
    }
  };
  switch (passage.kind) {
    case "closed":
      return jobs;
    case "open":
      holdUp(others, passage.until);
      return forced;
    case "probe": {
      const until = nowMs + destination.timeout_ms + MARGIN_MS;
      const claimed = await claimProbe(context.primary, destination.id, nowMs, until);
      const probing = claimed && forced.length === 0 ? others.slice(0, 1) : forced;
      holdUp(
        others.filter((job) => !probing.includes(job)),
        until,
      );
      return probing;
    }
  }
}

async function passRateLimits<T extends Gated>(
  context: Context,
  jobs: readonly T[],
  putOff: Map<T, PutOff>,
): Promise<readonly T[]> {
  const nowMs = context.clock();
  const limited = new Map<Destination, T[]>();
  for (const job of jobs) {
    // What was put off for this has its place already.
    if (job.destination.rate_limit === null || job.delivery.reason === PUT_OFF.rate_limit) continue;
    limited.set(job.destination, [...(limited.get(job.destination) ?? []), job]);
  }
  if (limited.size === 0) return jobs;
  const bookings = [...limited].flatMap(([{ id, rate_limit: limit }, wanting]) =>
    limit === null
      ? []
      : {
          destination_id: id,
          attempts: wanting.length,
          rate_limit: `${limit.requests}/${limit.period_seconds}`,
          first_slot: firstPlace(limit, nowMs),
        },
  );
  const booked = await reserveSlots(context.primary, bookings);
  for (const [{ id, rate_limit: limit }, wanting] of limited) {
    const end = booked.get(id);
    if (limit === null || end === undefined) continue;
    for (const [index, atMs] of placeTimes(limit, end - wanting.length, wanting.length).entries()) {
      const job = wanting[index];
      if (job !== undefined && atMs > nowMs) putOff.set(job, { until_ms: atMs, reason: PUT_OFF.rate_limit });
    }
  }
  return jobs.filter((job) => !putOff.has(job));
}

/** Which of so many lanes a chain goes in: always the same one, so that its items stay in order. */
function laneOf(chain: string, lanes: number): number {
  let hash = 0;
  for (let i = 0; i < chain.length; i++) hash = (Math.imul(hash, 31) + chain.charCodeAt(i)) >>> 0;
  return hash % lanes;
}

/** Sorts what is due into what may be attempted and what is put off. Throws where D1 cannot be read or written. */
export async function passGates<T extends Gated>(context: Context, jobs: readonly T[]): Promise<Gate<T>> {
  const putOff = new Map<T, PutOff>();
  const passed = new Set<T>();
  for (const [, sameDestination] of Map.groupBy(jobs, (job) => job.destination.id)) {
    const [first] = sameDestination;
    if (first === undefined) continue;
    for (const job of await passBreaker(context, first.destination, sameDestination, putOff)) passed.add(job);
  }
  const paced = await passRateLimits(
    context,
    jobs.filter((job) => passed.has(job)),
    putOff,
  );

  const wishes = new Map<string, LaneWish>();
  for (const { destination } of paced) {
    const { id, max_concurrency: most } = destination;
    if (most === null) continue;
    wishes.set(id, { destination_id: id, most, lanes: Math.min(MAX_LANES, (wishes.get(id)?.lanes ?? 0) + 1) });
  }
  const nowMs = context.clock();
  const lease = crypto.randomUUID();
  const longest = Math.max(0, ...paced.map((job) => job.destination.timeout_ms));
  const leased: ReadonlyMap<string, number> =
    wishes.size === 0
      ? new Map()
      : await leaseLanes(context.primary, lease, [...wishes.values()], nowMs, nowMs + longest + MARGIN_MS);

  const go: { job: T; chain: string }[] = [];
  for (const job of paced) {
    const { id } = job.destination;
    const lanes = leased.get(id);
    if (!wishes.has(id)) go.push({ job, chain: job.chain });
    else if (lanes === undefined) putOff.set(job, { until_ms: nowMs + BUSY_MS, reason: PUT_OFF.concurrency });
    else go.push({ job, chain: `${id} lane ${laneOf(job.chain, lanes)}` });
  }
  const held = new Set(leased.keys());
  return {
    go,
    put_off: putOff,
    async release(destinationIds) {
      const given = destinationIds.filter((id) => held.delete(id));
      if (given.length === 0) return;
      try {
        await returnLanes(context.primary, lease, given);
      } catch (error) {
        logLine("warn", "lanes not given back", { error: describeError(error) });
      }
    },
  };
}
