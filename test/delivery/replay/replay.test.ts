import { contextOf } from "../../../src/context.ts";
import { asShard } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { replayEvent } from "../../../src/delivery/replay/replay.ts";
import { stepReplay } from "../../../src/delivery/replay/replay-step.ts";
import type { Replay } from "../../../src/model/replay.ts";
import { countMatches } from "../../../src/storage/events/log.ts";
import { findReplay, insertReplay } from "../../../src/storage/pipeline/replays.ts";
import { storedDeliveries } from "../../support/deliveries.ts";
import { type Fault, faultyDatabase } from "../../support/faulty-database.ts";
import { deliveryTo, mint, storeEvent } from "../../api/records.ts";
import { type World, createWorld, insertDestination } from "../../support/world.ts";
import { runs } from "../../support/runs.ts";
import { tables } from "../../support/tables.ts";

const DESTINATIONS = ["dst_0000000000000000000000000001", "dst_0000000000000000000000000002"] as const;
const EVENTS = 120;

let world: World = createWorld();

beforeEach(async () => {
  world = createWorld();
  for (const id of DESTINATIONS) await insertDestination(id);
});

async function begin(): Promise<Replay> {
  for (let index = 0; index < EVENTS; index++) {
    const { id } = mint("evt");
    const deliveries = DESTINATIONS.map((to) => deliveryTo(id, to, { status: "dead", reason: "attempts_exhausted" }));
    await storeEvent({ id, deliveries });
  }
  const filter: Replay["filter"] = {
    status: ["dead"],
    destination_id: null,
    integration_id: null,
    route_id: null,
    from: null,
    to: null,
    delivery_ids: null,
  };
  const { id } = world.context.mint("rpl");
  const at = new Date(world.context.clock()).toISOString();
  const begun: Replay = {
    id,
    filter,
    status: "running",
    rate_per_second: 1_000,
    count: 0,
    count_is_exact: true,
    replayed: 0,
    failed: 0,
    position: "",
    created_at: at,
    updated_at: at,
  };
  const { count } = await countMatches(contextOf(env), begun, DESTINATIONS);
  const replay = { ...begun, count };
  await insertReplay(asShard(env.DB), replay, []);
  return replay;
}

async function expectDone(replay: Replay): Promise<void> {
  const deliveries = await storedDeliveries();
  const made = deliveries.filter((each) => each.replay_of !== null);
  const originals = deliveries.filter((each) => each.replay_of === null);
  expect(made).toHaveLength(EVENTS * DESTINATIONS.length);
  expect(new Set(made.map((each) => each.replay_of))).toEqual(new Set(originals.map((each) => each.id)));
  expect(await findReplay(asShard(env.DB), replay.id)).toMatchObject({
    status: "done",
    count: made.length,
    replayed: made.length,
    failed: 0,
  });
}

const faults = fc.array(fc.constantFrom<Fault>("none", "none", "none", "before", "after"), { maxLength: 40 });

describe("a bulk replay", () => {
  it("repeats everything once, whichever call to the database fails, and however its steps overlap", async () => {
    await fc.assert(
      fc.asyncProperty(faults, fc.integer({ min: 1, max: 3 }), async (list, beside) => {
        for (const table of [tables.events, tables.replays]) await table.delete();
        const replay = await begin();
        const left = [...list];
        const context = {
          ...world.context,
          shard: { ...world.context.shard, db: asShard(faultyDatabase(() => left.shift() ?? "none")) },
        };
        for (
          let round = 0;
          (await findReplay(asShard(env.DB), replay.id))?.status === "running" && round < 100;
          round++
        ) {
          // A minute later, a failed step may be claimed again.
          world.pass(61_000);
          await Promise.allSettled(Array.from({ length: beside }, () => stepReplay(context, replay.id)));
        }
        await expectDone(replay);
      }),
      { numRuns: runs(30) },
    );
  });

  it("enters a step once if a slow claimant and its successor both take it", async () => {
    const replay = await begin();
    const hanging = Promise.withResolvers<void>();
    const slow = new Proxy(env.DB, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (name !== "batch") return typeof member === "function" ? member.bind(target) : member;
        return async (statements: D1PreparedStatement[]) => {
          await hanging.promise;
          return await target.batch(statements);
        };
      },
    });
    const first = stepReplay({ ...world.context, shard: { ...world.context.shard, db: asShard(slow) } }, replay.id);
    const begun = Date.parse(replay.created_at);
    await vi.waitUntil(async () => (await tables.replays.value("step_at")) !== begun);
    world.pass(61_000);
    await stepReplay(world.context, replay.id);
    hanging.resolve();
    await first;
    for (let round = 0; round < 10; round++) {
      world.pass(61_000);
      await stepReplay(world.context, replay.id);
    }
    await expectDone(replay);
  });
});

it("a count stops at its bound and says so, and the replay repeats all that match", async () => {
  const replay = await begin();
  const all = EVENTS * DESTINATIONS.length;
  for (const [maxEvents, counted] of [
    [0, { count: 0, is_exact: false }],
    [EVENTS - 1, { count: all - DESTINATIONS.length, is_exact: false }],
    [EVENTS + 1, { count: all, is_exact: true }],
  ] as const) {
    expect(await countMatches(contextOf(env), replay, DESTINATIONS, maxEvents)).toEqual(counted);
  }
  await tables.replays.update({}, { count: 1, count_is_exact: false });
  const shown: unknown[] = [];
  for (let step = 0; step < 20; step++) {
    const found = await findReplay(asShard(env.DB), replay.id);
    shown.push([found?.count, found?.count_is_exact]);
    if (found?.status !== "running") break;
    world.pass(61_000);
    await stepReplay(world.context, replay.id);
  }
  expect(shown[0]).toEqual([1, false]);
  expect(shown.at(-1)).toEqual([all, true]);
  await expectDone(replay);
});

it("a replay of one event under one id makes its deliveries once", async () => {
  const id = await storeEvent();
  const repeated = [{ destination_id: DESTINATIONS[0], route_id: null, replay_of: id }];
  for (let round = 0; round < 2; round++) {
    const made = await replayEvent(world.context, id, repeated, `rpl_${"0".repeat(28)}`);
    expect(made).toMatchObject([{ replay_of: id, status: "pending" }]);
  }
  expect(await storedDeliveries()).toHaveLength(1);
  expect(await replayEvent(world.context, `evt_${"0".repeat(28)}`, repeated, `rpl_${"0".repeat(28)}`)).toBeNull();
});
