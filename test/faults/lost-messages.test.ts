import { expect, it, vi } from "vitest";
import { leaveLastNumber } from "../../src/ingest/last-number.ts";
import { parseEventMessage } from "../../src/model/event.ts";
import { asInvocation } from "../support/strict-platform/invocation.ts";
import { PAID } from "../support/strict-platform/limits.ts";
import { SEED, runs } from "../support/runs.ts";
import { tables } from "../support/tables.ts";
import { reportedMissing } from "./promises.ts";
import { seeded } from "./random.ts";
import { configure, emptyTables, finish, step } from "./schedule.ts";
import { Simulation } from "./simulation.ts";

const SCHEDULES = 100;

type Put = { readonly id: string; readonly isolate: string; readonly number: number; readonly isLost: boolean };

/** The messages that ingest, the outbox and consumers put into the queue, in order. */
function putInto({ sent }: Simulation): Put[] {
  return sent.flatMap(({ body, isLost }) => {
    const message = parseEventMessage(body);
    if (message?.from === undefined) return [];
    const { isolate, number } = message.from;
    return [{ id: message.id, isolate, number, isLost }];
  });
}

/**
 * Returns the accepted messages that never arrived, and that a later message of their isolate reveals, or the last number of an
 * isolate in `idle`. A message that was lost and sent again has arrived.
 */
async function revealed(simulation: Simulation, idle: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const all = putInto(simulation);
  const arrived = all.filter(({ isLost }) => !isLost);
  const ids = new Set(arrived.map(({ id }) => id));
  const kept = new Set((await tables.outbox.all()).map((row) => row["id"]));
  const gone = all.filter(({ id }) => !ids.has(id) && !kept.has(id) && simulation.accepted.has(id));
  const isRevealed = ({ isolate, number }: Put): boolean =>
    idle.has(isolate) || arrived.some((later) => later.isolate === isolate && later.number > number);
  return new Set(gone.filter(isRevealed).map(({ id }) => id));
}

async function runSchedule(seed: number): Promise<number> {
  const random = seeded(seed);
  const simulation = new Simulation("edge", random);
  simulation.loss = 0.25;
  const steps = 12 + Math.floor(random() * 12);
  for (let i = 0; i < steps; i++) {
    await (random() < 0.4 ? simulation.offer("create", random() < 0.5 ? "disk" : "cpu") : step(simulation, random));
  }
  const isIdle = random() < 0.5;
  // The faults end before: an idle isolate whose database fails leaves nothing.
  simulation.heal();
  const { context } = simulation;
  const last = putInto(simulation).at(-1)?.isolate;
  const current = context.caches.numberings(0).tail()?.isolate;
  if (isIdle) await asInvocation(PAID, () => leaveLastNumber(context, context.caches.numberings(0)));
  await finish(simulation);
  const idle = new Set(isIdle && current !== undefined && current === last ? [current] : []);
  const expected = await revealed(simulation, idle);
  expect(await reportedMissing(simulation)).toBe(expected.size);

  // They turn up after all.
  for (const { body, isLost } of simulation.sent) if (isLost) simulation.events.put(body, simulation.now());
  await finish(simulation);
  expect(await reportedMissing(simulation)).toBe(0);
  return expected.size;
}

it("each lost message that another one or an idle isolate reveals is reported, and nothing else", async () => {
  for (const level of ["info", "warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
  await configure();
  let found = 0;
  const count = runs(SCHEDULES);
  for (let seed = SEED; seed < SEED + count; seed++) {
    try {
      found += await runSchedule(seed);
    } catch (error) {
      throw new Error(`The schedule of seed ${seed} reports the wrong messages.`, { cause: error });
    }
    await emptyTables();
  }
  expect(found).toBeGreaterThan(0);
}, 600_000);
