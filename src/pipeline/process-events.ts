import type { Context } from "../context.ts";
import { type Invocation, startInvocation } from "../delivery/attempts/invocation.ts";
import { isTransformationFault } from "../model/event.ts";
import { describeError, logLine } from "../platform/log.ts";
import { deleteMerged } from "../storage/alerts/aliases.ts";
import { historyName } from "../storage/pipeline/append.ts";
import { flushTransformationRuns } from "../system-events/transformations.ts";
import { append } from "./append.ts";
import { attempt } from "./attempt.ts";
import type { Accepted, AcceptedBatch, MissingOpeners } from "./batch.ts";
import { build } from "./build.ts";
import { commit } from "./commit.ts";
import { decide } from "./decide.ts";
import { type EnqueuedBatch, enqueue } from "./enqueue.ts";
import { load } from "./load.ts";
import { transform } from "./transform.ts";

/** The result of processing a batch. */
export type Processed = {
  /** Ids of events that cannot be finished yet, because another consumer works on the same alert. */
  readonly unfinished: ReadonlySet<string>;
  /** Ids of events that the allowance did not suffice for. */
  readonly carried_over: ReadonlySet<string>;
  /** Why the transformations of events failed, by the ids of the events. */
  readonly faults: ReadonlyMap<string, string>;
  /** Waits for the attempts in flight and records them; to be run beside the next batch. */
  readonly finish: () => Promise<void>;
};

/** A batch is decided again this often if other consumers have changed the same histories. */
const MAX_ROUNDS = 6;

/** A queue can deliver a message twice, even within a batch. */
function eachOnceInOrder(accepted: readonly Accepted[]): Accepted[] {
  const distinct = new Map(accepted.map((each) => [each.message.id, each]));
  return [...distinct.values()].toSorted((a, b) => (a.message.id < b.message.id ? -1 : 1));
}

/** Deletes the histories that were merged into others, now that their successors are on record. */
async function forgetMerged({ shard }: Context, { merged, moved }: EnqueuedBatch): Promise<void> {
  const done = [...merged].flatMap(([name, histories]) => (moved.has(name) ? [] : histories));
  if (done.length > 0) await deleteMerged(shard.db, done);
}

/** Reads what attempts need, so that no attempt waits for it after the first step. Never rejects. */
async function readForAttempts({ caches, keys, primary }: Context): Promise<void> {
  // Not awaited: few batches need the keys to be read, and an attempt that cannot use them says so.
  keys.ready().catch(() => {});
  await caches.health.refresh(primary);
}

async function runRound(context: Context, accepted: AcceptedBatch): Promise<EnqueuedBatch> {
  const [appended] = await Promise.all([append(context, accepted), readForAttempts(context)]);
  const decided = decide(context, appended);
  const loaded = await load(context, decided);
  const built = await build(context, loaded);
  const attempted = await attempt(context, built);
  const committed = await commit(context, attempted);
  const enqueued = await enqueue(context, committed);
  await forgetMerged(context, enqueued);
  return enqueued;
}

/** Returns the events whose history has moved: another round decides them by the whole set of events. */
function movedEvents({ events, moved, unfinished }: EnqueuedBatch): Accepted[] {
  return events.filter(
    ({ message, history }) => history !== null && moved.has(historyName(history)) && !unfinished.has(message.id),
  );
}

/** Returns a function that replaces the ids of events by those of the messages that they came from. */
function originIds(accepted: readonly Accepted[]): (ids: ReadonlySet<string>) => string[] {
  const origins = new Map(accepted.map(({ message, origin }) => [message.id, origin?.message.id ?? message.id]));
  return (ids) => [...ids].map((id) => origins.get(id) ?? id);
}

/** Returns why the transformations of events failed. */
function faultsIn(accepted: readonly Accepted[]): ReadonlyMap<string, string> {
  return new Map(
    accepted.flatMap(({ message: { id, content } }): [string, string][] => {
      const { signal } = content;
      return isTransformationFault(content) && signal.action === "ignore" ? [[id, signal.note]] : [];
    }),
  );
}

/** Returns the events whose content a round has written. Others have the content that their rows had before. */
function contentsWritten({ fresh, changed, written }: EnqueuedBatch): string[] {
  const given = new Set([
    ...fresh.map(({ event }) => event.message.id),
    ...changed.flatMap(({ mended }) => mended?.message.id ?? []),
  ]);
  return written.flatMap(({ id }) => (given.has(id) ? [id] : []));
}

/** Deletes messages in R2 whose events have a content of their own, now that these are on record. Never rejects. */
async function deleteReplaced(
  { bodies }: Context,
  accepted: readonly Accepted[],
  isReplaced: (origin: Accepted) => boolean,
): Promise<void> {
  const kept = new Set(accepted.map(({ stored_at }) => stored_at));
  const keys = accepted.flatMap(({ origin }) => {
    const key = origin?.stored_at ?? null;
    return origin === undefined || key === null || kept.has(key) || !isReplaced(origin) ? [] : [key];
  });
  if (keys.length === 0) return;
  try {
    await bodies.delete([...new Set(keys)]);
  } catch (error) {
    logLine("warn", "event.body_delete_failed", { count: keys.length, error: describeError(error) });
  }
}

type ProcessOptions = { readonly missing_openers?: MissingOpeners; readonly invocation?: Invocation };

/**
 * Processes accepted events, step by step and in as many rounds as it takes until the record agrees with the whole set of
 * events, or until the allowance is used up. A repetition changes nothing. Throws if D1 or R2 cannot be read or written.
 */
export async function processEvents(
  context: Context,
  accepted: readonly Accepted[],
  { missing_openers = "wait", invocation = startInvocation(context) }: ProcessOptions = {},
): Promise<Processed> {
  const { allowance } = invocation;
  const finishes: (() => Promise<void>)[] = [];
  const unfinished = new Set<string>();
  const carriedOver = new Set<string>();
  const newContents = new Set<string>();
  const transformed = await transform(context, eachOnceInOrder(accepted), { missing_openers, invocation });
  let left: readonly Accepted[] = transformed.accepted;
  for (let round = 0; left.length > 0 && round < MAX_ROUNDS; round++) {
    if (round > 0 && allowance.isUsedUp) break;
    const batch = await runRound(context, { stage: "accepted", accepted: left, missing_openers, invocation });
    finishes.push(batch.finish);
    for (const id of contentsWritten(batch)) newContents.add(id);
    for (const id of batch.unfinished) (batch.carried_over.has(id) ? carriedOver : unfinished).add(id);
    left = movedEvents(batch);
  }
  for (const { message } of left) (allowance.isUsedUp ? carriedOver : unfinished).add(message.id);
  const back = originIds(transformed.accepted);
  const open = new Set([...transformed.unavailable, ...back(unfinished)]);
  const over = new Set([...transformed.carried_over, ...back(carriedOver)]);
  // A row that was written before may refer to the message in R2, because its transformation had another result then.
  const isReplaced = ({ message: { id } }: Accepted): boolean => newContents.has(id) && !open.has(id) && !over.has(id);
  return {
    unfinished: new Set([...open].filter((id) => !over.has(id))),
    carried_over: over,
    faults: faultsIn(transformed.accepted),
    finish: async () => {
      await Promise.all(finishes.map((finish) => finish()));
      await deleteReplaced(context, transformed.accepted, isReplaced);
      await flushTransformationRuns(context);
    },
  };
}
