import { env } from "cloudflare:workers";
import { it, vi } from "vitest";
import { contextOf } from "../../src/context.ts";
import { forgetWatches } from "../../src/ingest/idle.ts";
import type { Action } from "../../src/model/event.ts";
import { insertGroupingRoute } from "../support/groups.ts";
import { SEED, runs } from "../support/runs.ts";
import { insertDestination, insertRoute } from "../support/world.ts";
import { expectNothingMissing, expectPromises } from "./promises.ts";
import { type Random, pick, seeded } from "./random.ts";
import { Simulation } from "./simulation.ts";
import { type TableName, tables } from "../support/tables.ts";

/** One that is told at once, one with limits, and one that may be gone for good one day. */
const WELL = "dst_0000000000000000000000000001";
const LIMITED = "dst_0000000000000000000000000002";
const MORTAL = "dst_0000000000000000000000000003";
const SCHEDULES_A_QUARTER = 250;
const DESTINATIONS = [WELL, LIMITED, MORTAL];
const ACTIONS: readonly [Action, ...Action[]] = ["create", "create", "acknowledge", "resolve"];
const TABLES = [
  "events",
  "alerts",
  "lone_alerts",
  "alert_histories",
  "outbox",
  "dead_letters",
  "destination_health",
  "rollups",
  "inbound_idempotency_keys",
  "groups",
  "group_members",
  "replays",
  "rate_limit_slots",
  "concurrency_leases",
  "maintenance_tasks",
  "accepted_numbers",
] as const satisfies readonly TableName[];

/** Empties what a schedule leaves behind; the configuration stays. */
export async function emptyTables(): Promise<void> {
  forgetWatches();
  for (const table of TABLES) await tables[table].delete();
  await tables.destinations.update({}, { enabled: true, disabled_reason: null });
}

export async function configure(): Promise<void> {
  for (const id of DESTINATIONS) await insertDestination(id);
  await tables.destinations.update({}, { retry_schedule: Array.from({ length: 50 }, () => 5) });
  const limits = { rate_limit: { requests: 4, period_seconds: 2 }, max_concurrency: 1 };
  await tables.destinations.update({ id: LIMITED }, limits);
  await insertRoute("rte_test", DESTINATIONS);
  await insertRoute("rte_told", [WELL], ["destination.disabled"]);
  await insertGroupingRoute("rte_grouped", [WELL]);
  contextOf(env).caches.config.forget();
}

/** One step, and what may go on at the same time. */
export async function step(simulation: Simulation, random: Random): Promise<void> {
  const chance = random();
  const consume = (): Promise<void> => simulation.consume(random() < 0.6 ? "events" : "deliveries");
  if (chance < 0.33) await simulation.offer(pick(random, ACTIONS), pick(random, ["disk", "cpu"]));
  else if (chance < 0.55) await consume();
  else if (chance < 0.65) await Promise.all([simulation.consume("events"), simulation.consume("events")]);
  else if (chance < 0.7) await Promise.all([simulation.consume("deliveries"), simulation.consume("deliveries")]);
  else if (chance < 0.72) await Promise.all([simulation.consume("events"), simulation.replay()]);
  else if (chance < 0.75) await simulation.replay();
  else if (chance < 0.85) simulation.pass(Math.floor(random() * 20_000));
  else if (chance < 0.9) await simulation.runMaintenance();
  else if (chance < 0.92) await simulation.kill();
  else {
    // It dies with work under way.
    simulation.dieAfter(1 + Math.floor(random() * 24));
    await (random() < 0.5 ? consume() : Promise.all([simulation.consume("events"), simulation.consume("events")]));
    await simulation.kill();
  }
}

/** The number of rows with work that is not finished. */
async function openWork(): Promise<number> {
  const pending = (await tables.events.all()).filter((row) => row["rescue_at"] !== null);
  const [waiting, groups, replays] = await Promise.all([
    tables.outbox.count(),
    tables.groups.count({ event_id: null }),
    tables.replays.count({ status: "running" }),
  ]);
  return pending.length + waiting + groups + replays;
}

/** Lets the gateway finish what it has, with nothing failing any more. */
export async function finish(simulation: Simulation): Promise<void> {
  simulation.heal();
  for (let round = 0; round < 60; round++) {
    await simulation.runMaintenance();
    for (let turn = 0; turn < 30 && simulation.events.size + simulation.deliveries.size > 0; turn++) {
      await simulation.consume("events");
      await simulation.consume("deliveries");
      simulation.pass(2_000);
    }
    simulation.pass(120_000);
    if ((await openWork()) + simulation.events.size + simulation.deliveries.size === 0) return;
  }
  throw new Error("the gateway does not come to rest");
}

/** Runs the schedule of a seed and expects that every promise was kept. */
async function runSchedule(seed: number): Promise<void> {
  const random = seeded(seed);
  const simulation = new Simulation(random() < 0.5 ? "edge" : "local", random);
  const steps = 6 + Math.floor(random() * 9);
  const lastDay = random() < 0.2 ? Math.floor(random() * steps) : steps;
  for (let i = 0; i < steps; i++) {
    if (i === lastDay) simulation.receivers.gone = MORTAL;
    await step(simulation, random);
  }
  await finish(simulation);
  await expectNothingMissing(simulation);
  await expectPromises(simulation, { single: DESTINATIONS, grouped: WELL, announced: WELL });
}

/**
 * Tests that the gateway keeps every promise, under a quarter of the schedules: each quarter is a file, so that they run side by
 * side.
 */
export function testSchedules(quarter: 0 | 1 | 2 | 3): void {
  const first = SEED + quarter * SCHEDULES_A_QUARTER;
  const count = runs(SCHEDULES_A_QUARTER);

  it(
    `keeps every promise under ${count} schedules of faults from seed ${first} on`,
    { timeout: count * 4_000 },
    async () => {
      // The log has a line for each fault. TEST_SEED with a small TEST_SCALE runs a failed seed again.
      for (const level of ["info", "warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
      await configure();
      for (let seed = first; seed < first + count; seed++) {
        try {
          await runSchedule(seed);
        } catch (error) {
          throw new Error(`The schedule of seed ${seed} breaks a promise.`, { cause: error });
        }
        await emptyTables();
      }
    },
  );
}
