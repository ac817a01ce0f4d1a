import type { Context } from "../context.ts";
import { Budget } from "../model/budget.ts";
import { closingTime } from "../delivery/attempts/enqueue.ts";
import { type Invocation, startInvocation } from "../delivery/attempts/invocation.ts";
import { MAX_DELAY_SECONDS } from "../platform/limits.ts";
import type { EventMessage } from "../model/event.ts";
import { bodyKey } from "../model/event.ts";
import { type Group, sealGroups } from "../storage/pipeline/groups.ts";
import type { Accepted } from "./batch.ts";
import { groupEvent } from "./group-event.ts";
import { processEvents } from "./process-events.ts";

/** A row holds 2 MB. The event of a group with more characters than this is stored in R2. */
const MAX_ROW_CHARACTERS = 300_000;
/** The events of groups are processed together until they have more characters than this. */
const MAX_BATCH_CHARACTERS = 2_000_000;
/** A message that arrives this early, in ms, counts as on time: clocks and the queue's delays are not exact. */
const EARLY_MS = 500;

/** The budget of one invocation. Groups beyond it come again. */
const MAX_CALLS = 400;
const MAX_CHARACTERS = 48_000_000;
const LEFT_OVER_SECONDS = 1;
/** The work of making and storing a character of a group's event. */
const UNITS_PER_CHARACTER = 0.5;

/** The result of closing groups. */
export type Closed = {
  /** Groups that are not closed yet, each with the seconds to wait. */
  readonly waits: ReadonlyMap<string, number>;
  /** Waits for the attempts in flight and records them; to be run beside the next batch. */
  readonly finish: () => Promise<void>;
};

async function storeIfLarge(context: Context, message: EventMessage): Promise<Accepted> {
  if (message.content.request.body.length <= MAX_ROW_CHARACTERS) return { message, stored_at: null };
  const stored_at = bodyKey(message.id);
  const httpMetadata = { contentType: "application/json" };
  await context.bodies.put(stored_at, JSON.stringify(message), { httpMetadata });
  return { message, stored_at };
}

/**
 * Closes groups whose window is over, and processes the event of each, which delivers it and records it with the group. A
 * repetition makes the same event, because a closed group takes no more members. Throws if D1 or R2 cannot be read or
 * written; maintenance then finds the group.
 */
export async function closeGroups(
  context: Context,
  ids: readonly string[],
  invocation: Invocation = startInvocation(context),
): Promise<Closed> {
  const { shard, caches } = context;
  const waits = new Map<string, number>();
  const finishes: (() => Promise<void>)[] = [];
  const nowMs = context.clock();
  const due: Group[] = [];
  for (const group of await sealGroups(shard.db, ids, nowMs - closingTime(0) + EARLY_MS)) {
    if (group.closed) due.push(group);
    else {
      const seconds = Math.ceil((closingTime(group.closes_at) - nowMs) / 1000);
      waits.set(group.id, Math.min(MAX_DELAY_SECONDS, Math.max(1, seconds)));
    }
  }
  const { routes } = await caches.config.load();

  let batch: Accepted[] = [];
  const groupOf = new Map<string, string>();
  let characters = 0;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const { finish, carried_over } = await processEvents(context, batch, { invocation });
    finishes.push(finish);
    for (const id of carried_over) waits.set(groupOf.get(id) ?? id, LEFT_OVER_SECONDS);
    batch = [];
    characters = 0;
  };
  const budget = {
    calls: new Budget("calls to close groups", MAX_CALLS),
    characters: new Budget("characters of closed groups", MAX_CHARACTERS),
  };
  for (const group of due) {
    // The event of a group must not depend on the groups before it: a group that has begun goes on to its end.
    if (invocation.allowance.isUsedUp || budget.calls.isExceeded || budget.characters.isExceeded) {
      waits.set(group.id, LEFT_OVER_SECONDS);
      continue;
    }
    const route = routes.find(({ id }) => id === group.route_id);
    const message = await groupEvent(context, group, route?.group_attributes ?? null, budget);
    batch.push(await storeIfLarge(context, message));
    groupOf.set(message.id, group.id);
    invocation.allowance.charge(message.content.request.body.length * UNITS_PER_CHARACTER);
    await invocation.allowance.pause();
    characters += message.content.request.body.length;
    if (characters > MAX_BATCH_CHARACTERS) await flush();
  }
  await flush();
  return { waits, finish: async () => void (await Promise.all(finishes.map((finish) => finish()))) };
}
