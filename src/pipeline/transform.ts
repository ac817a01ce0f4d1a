import type { Context } from "../context.ts";
import { payloadOf } from "../model/event.ts";
import type { RunnableTransformation, TransformationHead } from "../model/transformation.ts";
import { describeError, logLine } from "../platform/log.ts";
import type { ConfigSnapshot } from "../storage/config/config.ts";
import { readOwners } from "../storage/pipeline/append.ts";
import { isLimit } from "../transformations/breaker.ts";
import { breakerKey, callTransformation } from "../transformations/call.ts";
import { transformationRunnerOf } from "../transformations/runner.ts";
import type { Accepted, AcceptedBatch } from "./batch.ts";
import { TransformationLanes } from "./transformation-lanes.ts";
import { eventsAfter, inputOfMessage } from "./transformed-content.ts";

/** No more calls are begun after this time, in ms: the events of other integrations wait behind the batch. */
const MAX_MS = 500;
/** Calls run side by side: Cloudflare lets one invocation have four dynamic Workers in flight. */
const MAX_AT_A_TIME = 4;
/** The work of writing and reading a character of JSON. */
const UNITS_PER_CHARACTER = 0.5;

/** The events of a batch after their transformations. The ids are those of the events that were accepted. */
export type TransformedEvents = {
  readonly accepted: readonly Accepted[];
  /** The events that cannot be transformed now: the runtime of transformations is not there. */
  readonly unavailable: ReadonlySet<string>;
  /** The events whose transformation did not begin in this batch. */
  readonly carried_over: ReadonlySet<string>;
};

type Options = Pick<AcceptedBatch, "missing_openers" | "invocation">;
/** `transformation` is null if it is not on record. */
type Job = {
  readonly each: Accepted;
  readonly transformation: RunnableTransformation | null;
  readonly head: TransformationHead;
};

/** Returns the id of the transformation that an event passes, or null if it passes none. */
export function transformationOf({ message }: Accepted, config: ConfigSnapshot): string | null {
  const { action } = message.content.signal;
  if (action === "announce" || action === "ignore") return null;
  return config.integration_transformations.get(message.integration_id) ?? null;
}

/** Returns those that are no repeats of others, on record or in the batch: a repeat is not worth a call. */
async function withoutRepeats({ shard }: Context, accepted: readonly Accepted[]): Promise<readonly Accepted[]> {
  const keysOf = ({ message: { repeat_key, signed_key } }: Accepted) =>
    [repeat_key, signed_key].filter((key) => typeof key === "string");
  const rows = accepted.map((each) => ({
    id: each.message.id,
    integration_id: each.message.integration_id,
    idempotency_keys: keysOf(each),
  }));
  const owners = await readOwners(shard.db, rows);
  const seen = new Set<string>();
  return accepted.filter((each) => {
    const { id, integration_id } = each.message;
    const names = keysOf(each).map((key) => `${integration_id} ${key}`);
    const isRepeat = (owners.get(id) ?? id) !== id || names.some((name) => seen.has(name));
    for (const name of names) seen.add(name);
    return !isRepeat;
  });
}

async function jobsOf(
  context: Context,
  accepted: readonly Accepted[],
  config: ConfigSnapshot,
): Promise<readonly Job[]> {
  const wanted = accepted.flatMap((each) => {
    const id = transformationOf(each, config);
    return id === null ? [] : [{ each, head: config.transformations.get(id) ?? { id, name: id, version: 0 } }];
  });
  if (wanted.length === 0) return [];
  const fresh = new Set(
    await withoutRepeats(
      context,
      wanted.map(({ each }) => each),
    ),
  );
  const jobs = wanted.filter(({ each }) => fresh.has(each));
  const heads = new Map(jobs.map(({ head }) => [head.id, head]));
  const loaded = await context.caches.transformations.load([...heads.values()]);
  return jobs.map((job) => ({ ...job, transformation: loaded.get(job.head.id) ?? null }));
}

/**
 * Passes the events of a batch through the transformations of their integrations, before the first step. One event can become
 * several, or be stopped; it keeps its signal otherwise. A repetition gives the same. What does not fit into the time of a batch
 * comes again. Throws if D1 or R2 cannot be read or written.
 */
export async function transform(
  context: Context,
  accepted: readonly Accepted[],
  { missing_openers, invocation: { allowance } }: Options,
): Promise<TransformedEvents> {
  const unavailable = new Set<string>();
  const carried_over = new Set<string>();
  const config = await context.caches.config.load();
  const jobs = await jobsOf(context, accepted, config);
  if (jobs.length === 0) return { accepted, unavailable, carried_over };
  const runner = transformationRunnerOf(context.env);
  const after = new Map<string, readonly Accepted[]>();
  const startedAt = context.clock();
  const lanes = new TransformationLanes(
    jobs,
    ({ head }) => head.id,
    ({ head }) => context.caches.transformation_breaker.standing(breakerKey(head)),
  );
  let begun = 0;

  /** Returns whether the call ran into a limit. */
  const runJob = async ({ each, head, transformation }: Job): Promise<boolean> => {
    const { id, received_at, content } = each.message;
    const payload = payloadOf(content);
    const input = { input: inputOfMessage(each.message, payload), event_id: id, received_at };
    const run = await callTransformation(context, runner, transformation, input);
    if (!run.ok && run.fault.code === "unavailable" && missing_openers === "wait") {
      unavailable.add(id);
      return false;
    }
    const events = await eventsAfter(context, each, payload, head, run);
    after.set(id, events);
    allowance.charge(events.length * content.request.body.length * UNITS_PER_CHARACTER);
    return !run.ok && isLimit(run.fault);
  };
  const worker = async (): Promise<void> => {
    for (;;) {
      const isOver = allowance.isUsedUp || context.clock() - startedAt > MAX_MS;
      const job = isOver && begun > 0 ? undefined : lanes.take();
      if (job === undefined) return;
      begun += 1;
      lanes.end(job, await runJob(job));
    }
  };
  try {
    await Promise.all(Array.from({ length: MAX_AT_A_TIME }, worker));
  } catch (error) {
    logLine("error", "events.transform_failed", { count: jobs.length, error: describeError(error) });
    throw error;
  }
  for (const { each } of lanes.left()) carried_over.add(each.message.id);
  const left = accepted.filter(({ message: { id } }) => !unavailable.has(id) && !carried_over.has(id));
  return { accepted: left.flatMap((each) => after.get(each.message.id) ?? [each]), unavailable, carried_over };
}
