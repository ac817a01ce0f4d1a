import { contextOf } from "../../src/context.ts";
import { type EventMessage, GATEWAY_EVENT_TYPES, parseEventMessage } from "../../src/model/event.ts";
import { consumeQueued } from "../support/deliveries.ts";
import { maintain } from "../support/maintenance.ts";
import { tables } from "../support/tables.ts";
import {
  type Seen,
  type World,
  createWorld,
  fakeOutside,
  insertDestination,
  insertRoute,
  processBatch,
} from "../support/world.ts";

export const WORKER = "dst_0000000000000000000000000001";
export const ON_CALL = "dst_0000000000000000000000000002";
const MINUTE = 60_000;

/** A gateway with a destination for everything, and one for all system events. */
export type Stand = {
  readonly world: World;
  readonly seen: readonly Seen[];
  /** The status that each destination responds with. */
  readonly statuses: Map<string, number>;
  /** Processes system events that wait in the outbox, and lets all retries end. Returns the number of system events. */
  readonly settle: () => Promise<number>;
  readonly maintainAfter: (minutes: number) => Promise<void>;
  /** The bodies of the system events that a destination received, oldest first. */
  readonly told: () => readonly { readonly type: string; readonly data: Readonly<Record<string, unknown>> }[];
};

/** The events in the outbox, as the EVENTS queue carries them. */
export async function outboxMessages(): Promise<EventMessage[]> {
  const rows = await tables.outbox.all<{ message: string }>();
  return rows.flatMap(({ message }) => {
    const parsed = parseEventMessage(JSON.parse(message));
    return parsed !== null && "content" in parsed ? [parsed] : [];
  });
}

export async function startStand(types: Parameters<typeof insertRoute>[2] = GATEWAY_EVENT_TYPES): Promise<Stand> {
  const statuses = new Map<string, number>();
  const seen = fakeOutside(({ url }) => {
    const id = [WORKER, ON_CALL].find((each) => url.endsWith(each)) ?? "";
    return new Response("", { status: statuses.get(id) ?? 200 });
  });
  await insertDestination(WORKER);
  await insertDestination(ON_CALL);
  await insertRoute("rte_1", [WORKER]);
  await insertRoute("rte_2", [ON_CALL], types);
  const world = createWorld();
  return {
    world,
    seen,
    statuses,
    async settle() {
      let count = 0;
      for (let round = 0; round < 200; round++) {
        const messages = await outboxMessages();
        if (messages.length === 0 && world.queued.length === 0) return count;
        count += messages.length;
        if (messages.length > 0) await processBatch(world.context, messages);
        world.pass(90_000_000);
        await consumeQueued(world);
      }
      throw new Error("System events make further ones without end.");
    },
    async maintainAfter(minutes) {
      world.pass(minutes * MINUTE);
      await maintain(contextOf(world.context.env), "* * * * *", world.context.clock());
    },
    told: () =>
      seen
        .filter(({ url }) => url.endsWith(ON_CALL))
        .map(({ body }) => {
          const parsed: { type: string; data: Record<string, unknown> } = JSON.parse(body);
          return parsed;
        }),
  };
}
