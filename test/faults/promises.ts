import { asShard } from "../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { reportedGaps } from "../../src/model/gaps.ts";
import { reconcile } from "../../src/model/reconciliation.ts";
import { readGaps } from "../../src/storage/maintenance/gaps.ts";
import { readTotals } from "../../src/storage/maintenance/reconciliation.ts";
import { storedGroups } from "../support/groups.ts";
import { expectModel } from "../support/pagertree-model.ts";
import { type StoredEvent, storedEvents } from "../support/world.ts";
import type { Simulation } from "./simulation.ts";
import { tables } from "../support/tables.ts";

/** Who is owed what, as it is configured. */
export type Owed = {
  /** Told of each event by itself. */
  readonly single: readonly string[];
  /** Told in groups, of repeats too. */
  readonly grouped: string;
  /** Told that a destination was turned off. */
  readonly announced: string;
};

const OWN_TYPES: readonly (string | null)[] = ["event.group", "destination.disabled"];

/** The events that a sender's repeats come to: the one on record of each repeat key, and all that have none. */
function lost(simulation: Simulation, onRecord: ReadonlySet<string>): readonly string[] {
  const kept = simulation.offered.filter(({ id }) => onRecord.has(id));
  const keys = kept.flatMap(({ repeat_key }) => repeat_key ?? []);
  expect(new Set(keys).size).toBe(keys.length);
  const accepted = [...simulation.accepted.values()].map(({ message }) => message);
  return accepted
    .filter(({ id, repeat_key }) => !onRecord.has(id) && (repeat_key === null || !keys.includes(repeat_key)))
    .map(({ id }) => id);
}

function expectDeliveries(simulation: Simulation, event: StoredEvent, owedTo: readonly string[]): void {
  const { gone, arrivals } = simulation.receivers;
  const originals = event.deliveries.filter(({ replay_of }) => replay_of === null);
  expect(originals.map((each) => each.destination_id).toSorted()).toEqual(owedTo.toSorted());
  for (const { id, destination_id, status, reason } of event.deliveries) {
    const arrived = arrivals.some((each) => each.webhook_id === id && each.ok);
    if (status === "delivered") expect({ id, arrived }).toEqual({ id, arrived: true });
    else expect({ destination_id, reason }).toEqual({ destination_id: gone, reason: expect.stringMatching(OFF) });
  }
}

const OFF = /^(gone|destination_disabled)$/;

async function expectGroups(events: readonly StoredEvent[]): Promise<void> {
  const groups = await storedGroups();
  const members = groups.flatMap((group) => group.members);
  expect(new Set(members).size).toBe(members.length);
  const told = events.filter(({ type }) => type !== null && !OWN_TYPES.includes(type)).map(({ id }) => id);
  expect(told.filter((id) => !members.includes(id))).toEqual([]);
  const made = events.filter(({ type }) => type === "event.group").map(({ id }) => id);
  expect(new Set(groups.map((group) => group.event_id))).toEqual(new Set(made));
  expect(groups).toHaveLength(made.length);
}

/** Expects that a gateway that has come to rest has kept every promise. */
export async function expectPromises(simulation: Simulation, owed: Owed): Promise<void> {
  const events = await storedEvents();
  const onRecord = new Set(events.map(({ id }) => id));
  expect(lost(simulation, onRecord)).toEqual([]);
  // A sender that was answered 503 may find its event taken all the same.
  await expectModel(simulation.offered.filter(({ id }) => onRecord.has(id)));

  for (const event of events) {
    if (event.type === "event.group") expectDeliveries(simulation, event, [owed.grouped]);
    else if (event.type === "destination.disabled") expectDeliveries(simulation, event, [owed.announced]);
    else if (event.type !== null && event.type !== "alert.repeated") expectDeliveries(simulation, event, owed.single);
  }
  await expectGroups(events);

  const { arrivals, gone } = simulation.receivers;
  const deliveries = new Map(events.flatMap((event) => event.deliveries).map((each) => [each.id, each]));
  const types = new Map(events.map(({ id, type }) => [id, type]));
  for (const { webhook_id, destination_id, event } of arrivals) {
    const delivery = deliveries.get(webhook_id);
    // One that was sent before an earlier event turned up cannot be recalled.
    if (delivery === undefined) expect(["alert.repeated", null]).toContain(types.get(event ?? ""));
    else expect(delivery).toMatchObject({ destination_id, ...(event === null ? {} : { event_id: event }) });
  }
  for (const id of simulation.replays) {
    expect([...deliveries.keys()].filter((delivery) => delivery.endsWith(id.slice(-16)))).toHaveLength(1);
  }
  const saidGone =
    arrivals.some((each) => each.destination_id === gone) &&
    events.some(({ deliveries: own }) => own.some(({ reason }) => reason === "gone"));
  const announced = events.filter(({ type }) => type === "destination.disabled");
  if (saidGone) expect(announced).toHaveLength(1);
  else expect(announced.length).toBeLessThanOrEqual(1);

  const { accepted, outcomes, outbox } = await readTotals(asShard(env.DB), simulation.now());
  expect(reconcile(accepted, outcomes, outbox)).toMatchObject({ balanced: true, pending: 0, outbox: 0 });
  expect(await tables.dead_letters.count()).toBe(0);
}

/** The messages that are reported as missing more than an hour later. */
export async function reportedMissing(simulation: Simulation): Promise<number> {
  // What the last run has noticed is an hour old in the next one.
  await simulation.runMaintenance();
  simulation.pass(3_700_000);
  await simulation.runMaintenance();
  const gaps = reportedGaps(await readGaps(asShard(env.DB)));
  return gaps.reduce((sum, { count }) => sum + count, 0);
}

/** Expects that no message is reported as missing, of a gateway whose queues lost none. */
export async function expectNothingMissing(simulation: Simulation): Promise<void> {
  expect(await reportedMissing(simulation)).toBe(0);
}
