import type { Context } from "../context.ts";
import { Budget } from "../model/budget.ts";
import { closingTime } from "../delivery/attempts/enqueue.ts";
import { MAX_DELAY_SECONDS } from "../model/delivery.ts";
import type { EventMessage } from "../model/event.ts";
import { bodyKey } from "../storage/events/bodies.ts";
import { type Group, sealGroups } from "../storage/pipeline/groups.ts";
import type { Accepted } from "./batch.ts";
import { groupEvent } from "./group-event.ts";
import { processEvents } from "./process-events.ts";

/** A row holds 2 MB; a group's event that is longer than this many characters is kept in R2. */
const MAX_ROW_CHARACTERS = 300_000;
/** Groups are delivered together while their events come to fewer characters than this. */
const MAX_BATCH_CHARACTERS = 2_000_000;
/** A message that comes this early, in ms, is taken as on time: clocks and the queue's delays are not exact. */
const EARLY_MS = 500;

/** What one invocation may cost, or be ended for: groups that are left over come again. */
const MAX_CALLS = 400;
const MAX_CHARACTERS = 48_000_000;
const LEFT_OVER_SECONDS = 1;

/** What closing groups left to be done. */
export type Closed = {
  /** Groups that are not closed yet, each with the seconds that it is to be left alone. */
  readonly waits: ReadonlyMap<string, number>;
  /** Waits for the attempts that are still under way, beside the next batch. */
  readonly finish: () => Promise<void>;
};

async function keep(context: Context, message: EventMessage): Promise<Accepted> {
  if (message.content.request.body.length <= MAX_ROW_CHARACTERS) return { message, stored_at: null };
  const stored_at = bodyKey(message.id);
  const httpMetadata = { contentType: "application/json" };
  await context.bodies.put(stored_at, JSON.stringify(message), { httpMetadata });
  return { message, stored_at };
}

/**
 * Closes groups whose window is over: seals them, makes each an event of its own and processes that, which delivers it and
 * notes it at its group. A group that was closed already stays as it is, and one that was left half-way is sealed, so it
 * comes to the same event again. Throws where D1 or R2 cannot be read or written; the sweep then finds the group.
 */
export async function closeGroups(context: Context, ids: readonly string[]): Promise<Closed> {
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
  let characters = 0;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const { finish } = await processEvents(context, batch);
    finishes.push(finish);
    batch = [];
    characters = 0;
  };
  const budget = {
    calls: new Budget("calls to close groups", MAX_CALLS),
    characters: new Budget("characters of closed groups", MAX_CHARACTERS),
  };
  for (const group of due) {
    // The event of a group must not depend on the groups before it: a group that has begun goes on to its end.
    if (budget.calls.isExceeded || budget.characters.isExceeded) {
      waits.set(group.id, LEFT_OVER_SECONDS);
      continue;
    }
    const route = routes.find(({ id }) => id === group.route_id);
    const message = await groupEvent(context, group, route?.group_attributes ?? null, budget);
    batch.push(await keep(context, message));
    characters += message.content.request.body.length;
    if (characters > MAX_BATCH_CHARACTERS) await flush();
  }
  await flush();
  return { waits, finish: async () => void (await Promise.all(finishes.map((finish) => finish()))) };
}
