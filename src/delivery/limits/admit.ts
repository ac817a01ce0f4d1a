import type { Context } from "../../context.ts";
import { DEFER_REASONS, type DeferReason, type Delivery, RETRIED_BY_HAND } from "../../model/delivery.ts";
import type { Destination } from "../../model/destination.ts";
import { claimProbe } from "../../storage/destinations/health.ts";
import { reserveSlots } from "../../storage/destinations/rate-limit-slots.ts";
import { breakerAt } from "./breaker.ts";
import { type Leases, lease } from "./concurrency.ts";
import { firstSlot, slotTimes } from "./rate-limit-slots.ts";

/** How long a delivery waits if its destination has no concurrent attempt free, in ms. */
const BUSY_MS = 2_000;
/** The time that an attempt may take beyond its time-out until it is recorded, in ms. */
const MARGIN_MS = 10_000;

/** A slot of a rate limit is kept for this long, in ms: used much later, it would add to the attempts of another period. */
const SLOT_KEPT_MS = 10_000;

/** A delivery that is due. Deliveries of one chain are attempted one after the other. */
export type DueAttempt = {
  readonly delivery: Delivery;
  readonly destination: Destination;
  readonly chain: string;
  /** When it got a slot of the rate limit that it has not used, in ms since 1970. */
  readonly slot_at?: number | undefined;
};

export type Deferral = { readonly until_ms: number; readonly reason: DeferReason };

export type Admission<J> = Pick<Leases, "release"> & {
  /** Jobs to attempt now, in order, each with the chain to attempt it in. */
  readonly admitted: readonly { readonly job: J; readonly chain: string }[];
  readonly deferred: ReadonlyMap<J, Deferral>;
  /** For jobs with a slot of a rate limit: when they got it (ms since 1970). A job that is not attempted keeps its slot. */
  readonly slots: ReadonlyMap<J, number>;
};

/** Returns how long a delivery may be deferred at most, in ms: the present step of its schedule. */
function stepMs(context: Context, { delivery, destination }: DueAttempt): number {
  const schedule = destination.retry_schedule ?? context.settings.retry_schedule;
  const made = Math.max(0, delivery.attempts.length - 1);
  return (schedule[made] ?? schedule.at(-1) ?? 0) * 1_000;
}

/** A delivery that the breaker deferred has waited its step, and a retry by hand must show its result now. */
function ignoresBreaker({ delivery }: DueAttempt): boolean {
  return delivery.reason === DEFER_REASONS.breaker || delivery.reason === RETRIED_BY_HAND;
}

async function admitByBreaker<J extends DueAttempt>(
  context: Context,
  destination: Destination,
  jobs: readonly J[],
  deferred: Map<J, Deferral>,
): Promise<readonly J[]> {
  const nowMs = context.clock();
  const breaker = breakerAt(context.caches.health.stateOf(destination.id), nowMs);
  const forced = jobs.filter(ignoresBreaker);
  const others = jobs.filter((job) => !ignoresBreaker(job));
  const deferUntil = (held: readonly J[], until: number): void => {
    for (const job of held) {
      const until_ms = Math.min(until, nowMs + stepMs(context, job));
      deferred.set(job, { until_ms, reason: DEFER_REASONS.breaker });
    }
  };
  switch (breaker.kind) {
    case "closed":
      return jobs;
    case "open":
      deferUntil(others, breaker.until);
      return forced;
    case "probe": {
      const until = nowMs + destination.timeout_ms + MARGIN_MS;
      const claimed = await claimProbe(context.primary, destination.id, nowMs, until);
      const probing = claimed && forced.length === 0 ? others.slice(0, 1) : forced;
      deferUntil(
        others.filter((job) => !probing.includes(job)),
        until,
      );
      return probing;
    }
  }
}

/** Returns when a delivery got the slot that it still has, in ms since 1970; null if it has none. */
function slotOf({ delivery, slot_at = 0 }: DueAttempt, nowMs: number): number | null {
  if (nowMs - slot_at < SLOT_KEPT_MS) return slot_at;
  // A delivery that waited for its slot has one.
  return delivery.reason === DEFER_REASONS.rate_limit ? nowMs : null;
}

async function admitByRateLimit<J extends DueAttempt>(
  context: Context,
  jobs: readonly J[],
  deferred: Map<J, Deferral>,
  slots: Map<J, number>,
): Promise<readonly J[]> {
  const nowMs = context.clock();
  const limited = new Map<Destination, J[]>();
  for (const job of jobs) {
    if (job.destination.rate_limit === null) continue;
    const slot = slotOf(job, nowMs);
    slots.set(job, slot ?? nowMs);
    if (slot === null) limited.set(job.destination, [...(limited.get(job.destination) ?? []), job]);
  }
  if (limited.size === 0) return jobs;
  const requests = [...limited].flatMap(([{ id, rate_limit: limit }, { length }]) =>
    limit === null
      ? []
      : {
          destination_id: id,
          attempts: length,
          rate_limit: `${limit.requests}/${limit.period_seconds}`,
          first_slot: firstSlot(limit, nowMs),
        },
  );
  const nextSlots = await reserveSlots(context.primary, requests);
  for (const [{ id, rate_limit: limit }, own] of limited) {
    const next = nextSlots.get(id);
    if (limit === null || next === undefined) continue;
    for (const [index, atMs] of slotTimes(limit, next - own.length, own.length).entries()) {
      const job = own[index];
      if (job !== undefined && atMs > nowMs) deferred.set(job, { until_ms: atMs, reason: DEFER_REASONS.rate_limit });
    }
  }
  return jobs.filter((job) => !deferred.has(job));
}

/** Returns one of `count` chains for a chain: always the same, so that its deliveries stay in order. */
function shareOf(chain: string, count: number): number {
  let hash = 0;
  for (let i = 0; i < chain.length; i++) hash = (Math.imul(hash, 31) + chain.charCodeAt(i)) >>> 0;
  return hash % count;
}

/**
 * Admits due deliveries past the breakers, rate limits and concurrency limits of their destinations, and defers the others
 * without spending an attempt. Throws if D1 cannot be read or written.
 */
export async function admit<J extends DueAttempt>(context: Context, jobs: readonly J[]): Promise<Admission<J>> {
  const deferred = new Map<J, Deferral>();
  const slots = new Map<J, number>();
  const passed = new Set<J>();
  for (const [, own] of Map.groupBy(jobs, (job) => job.destination.id)) {
    const [first] = own;
    if (first === undefined) continue;
    for (const job of await admitByBreaker(context, first.destination, own, deferred)) passed.add(job);
  }
  const inOrder = jobs.filter((job) => passed.has(job));
  const paced = await admitByRateLimit(context, inOrder, deferred, slots);

  const nowMs = context.clock();
  const longestMs = Math.max(0, ...paced.map(({ destination }) => destination.timeout_ms));
  const destinations = paced.map(({ destination }) => destination);
  const leases = await lease(context, destinations, nowMs + longestMs + MARGIN_MS);
  const admitted: { job: J; chain: string }[] = [];
  for (const job of paced) {
    const { id, max_concurrency } = job.destination;
    const count = leases.of(id);
    if (max_concurrency === null) admitted.push({ job, chain: job.chain });
    else if (count === undefined) {
      deferred.set(job, { until_ms: nowMs + BUSY_MS, reason: DEFER_REASONS.concurrency });
    } else {
      // As many chains as leases, so that no more attempts run at a time.
      admitted.push({ job, chain: `${id} lease ${shareOf(job.chain, count)}` });
    }
  }
  return { admitted, deferred, slots, release: leases.release };
}
