import { type Context, withShard } from "../../context.ts";
import { DEFER_REASONS, type Delivery } from "../../model/delivery.ts";
import { describeError, logLine } from "../../platform/log.ts";
import { shardField } from "../../platform/shards.ts";
import { findDestination } from "../../storage/destinations/destinations.ts";
import { NEVER_RESCUED, RESCUE_START, readPendingFor } from "../../storage/events/log.ts";
import {
  type PendingChange,
  type PendingChangeKind,
  claimPendingChange,
  readLastRescue,
  releasePendingChange,
  storePendingChange,
  storePendingChanges,
} from "../../storage/maintenance/pending-changes.ts";
import { type DeliveryEdit, recordAndEnqueue, recordEdits } from "./record.ts";
import { cancel, defer, resumeAt } from "./transitions.ts";

// A change of a destination concerns its pending deliveries, which are among those of all others. Each page looks at a bounded
// number of them. The first pages are part of the change, and maintenance continues with the rest.

/** The pages that are part of a change, in all shards together. */
export const MAX_FIRST_PAGES = 4;
/** How long a claimed change is left to its claimant, in ms. */
const CLAIM_MS = 60_000;

/** A resumed destination receives the deliveries that have waited at this rate, of all shards together, or as its limits say. */
const RESUMED_PER_SECOND = 50;

/** Only deliveries with this reason are concerned, if one is named. */
const REASON = {
  cancel_disabled: null,
  cancel_deleted: null,
  resume: DEFER_REASONS.breaker,
  release_slots: DEFER_REASONS.rate_limit,
  unpause: DEFER_REASONS.paused,
  listen: DEFER_REASONS.listener,
  cancel_unheard: null,
} as const satisfies Record<PendingChangeKind, string | null>;

/**
 * Returns what becomes of a pending delivery of the destination, or the same object if it is not concerned. `dueAt` is when a
 * delivery is due that has waited for its destination to be resumed.
 */
function changed(kind: PendingChangeKind, delivery: Delivery, at: string, dueAt: string): Delivery {
  switch (kind) {
    case "unpause":
    case "listen":
      return resumeAt(delivery, dueAt);
    case "cancel_unheard":
      return cancel(delivery, "listener_gone", at);
    case "cancel_deleted":
      return cancel(delivery, "destination_deleted", at);
    case "cancel_disabled":
      // One that changed later belongs to the time after the destination was enabled again.
      return delivery.updated_at > at ? delivery : cancel(delivery, "destination_disabled", at);
    case "resume":
      return (delivery.next_attempt_at ?? "") > at ? defer(delivery, DEFER_REASONS.breaker, at) : delivery;
    case "release_slots":
      // One that changed since has a slot of the new limit.
      if (delivery.updated_at >= at) return delivery;
      return { ...delivery, reason: null, next_attempt_at: at, updated_at: at };
  }
}

function editFor({ destination_id, kind, at }: PendingChange, dueMs = at): (delivery: Delivery) => Delivery {
  const iso = new Date(at).toISOString();
  const due = new Date(dueMs).toISOString();
  const reason = REASON[kind];
  return (delivery) => {
    const isConcerned =
      delivery.destination_id === destination_id &&
      delivery.status === "pending" &&
      (reason === null || delivery.reason === reason);
    return isConcerned ? changed(kind, delivery, iso, due) : delivery;
  };
}

/** Makes a change to the next page of pending deliveries. Returns the rest of it, or null at the end. */
async function changePage(context: Context, change: PendingChange): Promise<PendingChange | null> {
  const { db } = context.shard;
  const { destination_id, kind, after, until } = change;
  const { events, next } = await readPendingFor(db, destination_id, REASON[kind], { after, until });
  const edit = editFor(change);
  const startMs = Math.max(context.clock(), change.due_at ?? 0);
  const perSecond = Math.max(1, Math.floor(RESUMED_PER_SECOND / context.shards.length));
  const afterMs = (count: number): number => startMs + Math.floor(count / perSecond) * 1_000;
  const isSpread = kind === "unpause" || kind === "listen";
  const edits = events
    .flatMap((event) => event.deliveries)
    .filter((delivery) => edit(delivery) !== delivery)
    .map(({ event_id, id }, index): DeliveryEdit => {
      return { event_id, delivery_id: id, edit: isSpread ? editFor(change, afterMs(index)) : edit };
    });
  if (edits.length > 0) {
    const isCancel = kind.startsWith("cancel_");
    if (isCancel) await recordEdits(db, edits, events);
    else await recordAndEnqueue(context, edits, events);
  }
  const rest = isSpread ? { ...change, due_at: afterMs(edits.length) } : change;
  return next === null ? null : { ...rest, after: next };
}

/** Makes a change to the next pages of pending deliveries. Returns the rest of it, or null at the end. */
export async function changePages(
  context: Context,
  change: PendingChange,
  maxPages: number,
): Promise<PendingChange | null> {
  let rest: PendingChange | null = change;
  for (let page = 0; page < maxPages && rest !== null; page++) rest = await changePage(context, rest);
  return rest;
}

/** Returns the last rescue time of the deliveries that a change concerns, in ms since 1970. */
async function readUntil({ shard: { db } }: Context, kind: PendingChangeKind): Promise<number> {
  switch (kind) {
    case "cancel_disabled":
    case "cancel_deleted":
    case "unpause":
    case "listen":
    case "cancel_unheard":
      return await readLastRescue(db, NEVER_RESCUED);
    case "resume":
    case "release_slots":
      // Those of paused destinations, which may be many, have another reason.
      return await readLastRescue(db, NEVER_RESCUED - 1);
  }
}

async function changeInShard(
  context: Context,
  change: Omit<PendingChange, "until" | "after">,
  maxPages: number,
): Promise<void> {
  const { db } = context.shard;
  const begun = { ...change, until: await readUntil(context, change.kind), after: RESCUE_START };
  if (begun.until === 0) return;
  let rest: PendingChange | null = begun;
  try {
    rest = await changePages(context, begun, maxPages);
  } catch (error) {
    const { destination_id, kind } = change;
    logLine("warn", "pending_change.deferred", {
      ...shardField(context),
      destination_id,
      kind,
      error: describeError(error),
    });
  }
  if (rest !== null) await storePendingChange(db, rest);
}

/**
 * Changes the pending deliveries of a destination, in every shard: the next due at once, the others in later runs of
 * maintenance. Until then a delivery of a destination that is gone or disabled is cancelled when it is due. Throws if D1
 * cannot be written.
 */
export async function changePending(context: Context, destinationId: string, kind: PendingChangeKind): Promise<void> {
  const { shards, clock } = context;
  const change = { destination_id: destinationId, kind, at: clock() };
  const maxPages = Math.max(1, Math.floor(MAX_FIRST_PAGES / shards.length));
  // One after the other: each holds a page in memory.
  for (const shard of shards) await changeInShard(withShard(context, shard), change, maxPages);
}

/** Leaves changes of many destinations to maintenance, in every shard: a bounded number of calls. */
export async function leavePendingChanges(
  context: Context,
  changes: readonly Pick<PendingChange, "destination_id" | "kind">[],
): Promise<void> {
  const at = context.clock();
  for (const shard of context.shards) {
    for (const [kind, ofKind] of Map.groupBy(changes, (change) => change.kind)) {
      const until = await readUntil(withShard(context, shard), kind);
      if (until === 0) continue;
      const begun = ofKind.map((change) => ({ ...change, at, until, after: RESCUE_START }));
      await storePendingChanges(shard.db, begun);
    }
  }
}

/** Returns whether a change must not go on, because the destination has changed again. */
async function isObsolete({ primary }: Context, { destination_id, kind }: PendingChange): Promise<boolean> {
  if (kind === "cancel_deleted" || kind === "cancel_unheard") return false;
  const destination = await findDestination(primary, destination_id);
  const isEnabled = destination?.enabled === true;
  switch (kind) {
    case "cancel_disabled":
      return isEnabled;
    case "unpause":
    case "listen":
      // What is due for a disabled or deleted destination is cancelled then.
      return destination !== null && destination.paused_at !== null;
    case "resume":
    case "release_slots":
      return !isEnabled;
  }
}

/**
 * Continues the changes of a shard that are not finished, with at most `maxPages` pages. Returns the number of pages. Throws
 * if D1 cannot be read or written.
 */
export async function continuePendingChanges(context: Context, maxPages: number): Promise<number> {
  const { db } = context.shard;
  const nowMs = context.clock();
  let pages = 0;
  while (pages < maxPages) {
    const claimed = await claimPendingChange(db, nowMs, nowMs + CLAIM_MS);
    if (claimed === null) break;
    let rest: PendingChange | null = (await isObsolete(context, claimed.change)) ? null : claimed.change;
    for (; rest !== null && pages < maxPages; pages++) rest = await changePage(context, rest);
    await releasePendingChange(db, claimed, rest, nowMs);
  }
  return pages;
}
