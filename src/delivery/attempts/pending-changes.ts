import { type Context, withShard } from "../../context.ts";
import { DEFER_REASONS, type Delivery } from "../../model/delivery.ts";
import { describeError, logLine } from "../../platform/log.ts";
import { shardField } from "../../platform/shards.ts";
import { findDestination } from "../../storage/destinations/destinations.ts";
import { RESCUE_START, readPendingFor } from "../../storage/events/log.ts";
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
import { cancel, defer } from "./transitions.ts";

// A change of a destination concerns its pending deliveries, which are among those of all others. Each page looks at a bounded
// number of them. The first pages are part of the change, and maintenance continues with the rest.

/** The pages that are part of a change, in all shards together. */
const MAX_FIRST_PAGES = 4;
/** How long a claimed change is left to its claimant, in ms. */
const CLAIM_MS = 60_000;

/** Only deliveries with this reason are concerned, if one is named. */
const REASON = {
  cancel_disabled: null,
  cancel_deleted: null,
  resume: DEFER_REASONS.breaker,
  release_slots: DEFER_REASONS.rate_limit,
} as const satisfies Record<PendingChangeKind, string | null>;

/** Returns what becomes of a pending delivery of the destination, or the same object if it is not concerned. */
function changed(kind: PendingChangeKind, delivery: Delivery, at: string): Delivery {
  switch (kind) {
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

function editFor({ destination_id, kind, at }: PendingChange): (delivery: Delivery) => Delivery {
  const iso = new Date(at).toISOString();
  const reason = REASON[kind];
  return (delivery) => {
    const isConcerned =
      delivery.destination_id === destination_id &&
      delivery.status === "pending" &&
      (reason === null || delivery.reason === reason);
    return isConcerned ? changed(kind, delivery, iso) : delivery;
  };
}

/** Makes a change to the next page of pending deliveries. Returns the rest of it, or null at the end. */
async function changePage(context: Context, change: PendingChange): Promise<PendingChange | null> {
  const { db } = context.shard;
  const { destination_id, kind, after, until } = change;
  const { events, next } = await readPendingFor(db, destination_id, REASON[kind], { after, until });
  const edit = editFor(change);
  const edits = events
    .flatMap((event) => event.deliveries)
    .filter((delivery) => edit(delivery) !== delivery)
    .map(({ event_id, id }): DeliveryEdit => ({ event_id, delivery_id: id, edit }));
  if (edits.length > 0) {
    const isCancel = kind === "cancel_disabled" || kind === "cancel_deleted";
    if (isCancel) await recordEdits(db, edits, events);
    else await recordAndEnqueue(context, edits, events);
  }
  return next === null ? null : { ...change, after: next };
}

async function changePages(context: Context, change: PendingChange, maxPages: number): Promise<PendingChange | null> {
  let rest: PendingChange | null = change;
  for (let page = 0; page < maxPages && rest !== null; page++) rest = await changePage(context, rest);
  return rest;
}

async function changeInShard(
  context: Context,
  change: Omit<PendingChange, "until" | "after">,
  maxPages: number,
): Promise<void> {
  const { db } = context.shard;
  const begun = { ...change, until: await readLastRescue(db), after: RESCUE_START };
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
  { shards, clock }: Context,
  changes: readonly Pick<PendingChange, "destination_id" | "kind">[],
): Promise<void> {
  if (changes.length === 0) return;
  for (const { db } of shards) {
    const until = await readLastRescue(db);
    if (until === 0) continue;
    const begun = changes.map((change) => ({ ...change, at: clock(), until, after: RESCUE_START }));
    await storePendingChanges(db, begun);
  }
}

/** Returns whether a change must not go on, because the destination has changed again. */
async function isObsolete({ primary }: Context, { destination_id, kind }: PendingChange): Promise<boolean> {
  if (kind === "cancel_deleted") return false;
  const destination = await findDestination(primary, destination_id);
  const isEnabled = destination?.enabled === true;
  return kind === "cancel_disabled" ? isEnabled : !isEnabled;
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
