import { contextOf } from "../../src/context.ts";
import type { EventMessage } from "../../src/model/event.ts";
import { createIdMinter } from "../../src/model/ids.ts";
import { maintain } from "./maintenance.ts";
import { tables } from "./tables.ts";
import { type World, eventMessage } from "./world.ts";

/** What `eventMessage` takes. */
export type EventOrder = Parameters<typeof eventMessage>;

/** An event received at the world's time, a millisecond after the one before. */
export function receivedNow(world: World, ...order: EventOrder): EventMessage {
  world.pass(1);
  const mint = createIdMinter(world.context.clock, (length) => crypto.getRandomValues(new Uint8Array(length)));
  const { id, at_ms } = mint("evt");
  return { ...eventMessage(...order), id, received_at: new Date(at_ms).toISOString() };
}

/** Lets the rollups pass all events, so that lone alerts are packed. */
export async function packAll(world: World): Promise<void> {
  world.pass(120_000);
  await maintain(contextOf(world.context.env), "* * * * *", world.context.clock());
}

/** Empties the tables of events and alerts, and forgets how far the rollups have come. */
export async function forgetEvents(): Promise<void> {
  for (const table of ["events", "alerts", "lone_alerts", "alert_histories", "maintenance_tasks", "rollups"] as const) {
    await tables[table].delete();
  }
}
