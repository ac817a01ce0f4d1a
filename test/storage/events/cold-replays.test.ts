import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { DELIVERY_STATUSES } from "../../../src/model/delivery.ts";
import { createIdMinter, deliveryIdOf } from "../../../src/model/ids.ts";
import { REPLAYABLE_STATUSES, type Replay } from "../../../src/model/replay.ts";
import { rescueAt } from "../../../src/storage/events/deliveries-column.ts";
import { countMatches, readMatches, readUnknownDeliveries, startOf } from "../../../src/storage/events/log.ts";
import { AT, contentOf, deliveryTo } from "../../api/records.ts";
import { moveToSegments } from "../../support/cold.ts";
import { runs } from "../../support/runs.ts";
import { tables } from "../../support/tables.ts";

// A replay repeats the same deliveries wherever their events are.

const DESTINATIONS = ["dst_0000000000000000000000000001", "dst_0000000000000000000000000002"] as const;
const ENABLED = [DESTINATIONS[0], DESTINATIONS[1]];
const STEP_MS = 40;

const drawn = fc.record({
  integration_id: fc.constantFrom("int_1", "int_2"),
  type: fc.constantFrom("alert.created", null),
  statuses: fc.array(fc.option(fc.constantFrom(...DELIVERY_STATUSES)), { minLength: 2, maxLength: 2 }),
  reason: fc.constantFrom(null, "superseded", "destination_deleted"),
  is_repeated: fc.boolean(),
  is_erased: fc.boolean(),
  segment: fc.option(fc.integer({ min: 0, max: 4 }), { nil: null, freq: 5 }),
});

type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

function recordsOf(draws: readonly Drawn[]) {
  let ms = Date.parse(AT);
  const mint = createIdMinter(
    () => (ms += STEP_MS),
    (length) => crypto.getRandomValues(new Uint8Array(length)),
  );
  return draws.map(({ integration_id, type, statuses, reason, is_repeated, is_erased, segment }) => {
    const { id, at_ms } = mint("evt");
    const originals = DESTINATIONS.flatMap((destination, index) => {
      const status = statuses[index] ?? null;
      const next_attempt_at = status === "pending" ? AT : null;
      const more = { reason: status === "cancelled" ? reason : null, route_id: index === 0 ? "rte_1" : "rte_2" };
      return status === null ? [] : [deliveryTo(id, destination, { status, next_attempt_at, attempts: [], ...more })];
    });
    const [first] = originals;
    const again = { id: `${first?.id}0000000000000001`, replay_of: first?.id ?? null, status: "delivered" } as const;
    const deliveries =
      first === undefined || !is_repeated
        ? originals
        : [...originals, deliveryTo(id, first.destination_id, { attempts: [], ...again })];
    const received_at = new Date(at_ms).toISOString();
    const content = is_erased ? { stored_at: "erased" } : contentOf({ Id: "k" });
    const row = { id, integration_id, type, outcome: "created", received_at, deliveries, content };
    return { row: { ...row, rescue_at: rescueAt(deliveries) }, segment };
  });
}

type Recorded = ReturnType<typeof recordsOf>[number];

async function store(records: readonly Recorded[], isCold: boolean): Promise<void> {
  await tables.events.delete();
  await tables.segments.delete();
  await tables.events.insert(...records.map(({ row }) => row));
  if (!isCold) return;
  const movable = records.filter(({ row }) => row.rescue_at === null);
  const bySegment = Map.groupBy(movable, ({ segment }) => segment);
  await moveToSegments(
    [...bySegment].flatMap(([segment, own]) => (segment === null ? [] : [own.map(({ row }) => row.id)])),
  );
}

/** Takes every step of a replay. Returns what it would repeat, in the order of the events. */
async function steps(replay: Replay): Promise<string[]> {
  const found: string[] = [];
  let position = replay.position;
  for (let isLast = false; !isLast;) {
    const step = await readMatches(contextOf(env), { ...replay, position }, ENABLED);
    expect(step.is_last || step.through > position).toBe(true);
    found.push(...step.found.map(({ delivery_id }) => delivery_id).toSorted());
    position = step.through;
    isLast = step.is_last;
  }
  return found;
}

const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: null, freq: 2 });

it("a replay finds in segments what it finds in D1, once", async () => {
  const cases = fc.array(drawn, { maxLength: 140 }).chain((draws) =>
    fc.record({
      draws: fc.constant(draws),
      status: fc.subarray([...REPLAYABLE_STATUSES], { minLength: 1 }),
      integration_id: maybe(["int_1", "int_3"]),
      destination_id: maybe(DESTINATIONS),
      route_id: maybe(["rte_1"]),
      from: fc.option(fc.integer({ min: 0, max: 140 })),
      to: fc.option(fc.integer({ min: 0, max: 140 })),
      named: fc.option(fc.array(fc.nat({ max: 140 }), { minLength: 1, maxLength: 60 }), { freq: 3 }),
    }),
  );
  const at = (step: number | null) => (step === null ? null : new Date(Date.parse(AT) + step * STEP_MS).toISOString());
  await fc.assert(
    fc.asyncProperty(cases, async ({ draws, named, from, to, ...others }) => {
      const records = recordsOf(draws);
      const delivery_ids =
        named === null
          ? null
          : [...named.flatMap((index) => records[index]?.row.deliveries[0]?.id ?? []), deliveryIdOf("evt_1", "dst_1")];
      const filter =
        delivery_ids === null
          ? { ...others, from: at(from), to: at(to), delivery_ids }
          : {
              ...others,
              integration_id: null,
              destination_id: null,
              route_id: null,
              from: null,
              to: null,
              delivery_ids,
            };
      const created_at = new Date(Date.parse(AT) + 1_000 * STEP_MS).toISOString();
      const replay: Replay = {
        id: "rpl_0000000000000000000000000009",
        filter,
        status: "running",
        rate_per_second: 10,
        count: 0,
        count_is_exact: true,
        replayed: 0,
        failed: 0,
        position: startOf(filter),
        created_at,
        updated_at: created_at,
      };
      await store(records, false);
      const expected = await steps(replay);
      const unknown = await readUnknownDeliveries(contextOf(env), delivery_ids ?? []);
      await store(records, true);
      expect(await steps(replay)).toEqual(expected);
      expect(await readUnknownDeliveries(contextOf(env), delivery_ids ?? [])).toEqual(unknown);
      expect(await countMatches(contextOf(env), replay, ENABLED)).toEqual({ count: expected.length, is_exact: true });
    }),
    { numRuns: runs(60) },
  );
});
