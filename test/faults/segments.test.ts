import { env } from "cloudflare:workers";
import { beforeEach, expect, it, vi } from "vitest";
import { SEED, runs } from "../support/runs.ts";
import { type Fault, faultyDatabase } from "../support/faulty-database.ts";
import { balanceOf, moveAll, objectKeys, storedSegments } from "../support/segments.ts";
import { readHeads, readRows } from "../../src/storage/segments/reader.ts";
import { eraseFromSegments } from "../../src/storage/segments/rewrite.ts";
import { thawEvents } from "../../src/storage/segments/thaw.ts";
import { asShard } from "../../src/platform/shards.ts";
import type { Context } from "../../src/context.ts";
import { tables } from "../support/tables.ts";
import { maintain } from "../support/maintenance.ts";
import { type World, createWorld, eventMessage, fakeOutside, insertRouted, processBatch } from "../support/world.ts";
import { seeded } from "./random.ts";

// Moves, thaws and rewrites while D1 and R2 fail, before and after they take effect: an event is in exactly one place, and as it was.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let world: World = createWorld();

beforeEach(async () => {
  world = createWorld();
  fakeOutside();
  await insertRouted("dst_0000000000000000000000000001");
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.spyOn(console, "log").mockImplementation(() => {});
});

/** A bucket whose writes fail as `next` says. */
function faultyBucket(next: () => Fault): R2Bucket {
  const fail = async <T>(call: () => Promise<T>): Promise<T> => {
    const fault = next();
    if (fault === "before") throw new Error("R2: internal error");
    const result = await call();
    if (fault === "after") throw new Error("R2: connection lost");
    return result;
  };
  return new Proxy(env.BODIES, {
    get(bucket, name) {
      const value: unknown = Reflect.get(bucket, name);
      if (typeof value !== "function") return value;
      return (...values: unknown[]): unknown => fail(async () => await Reflect.apply(value, bucket, values));
    },
  });
}

/** Where each event is: in `events`, and in segments that do not name it as removed. */
async function whereabouts(): Promise<Map<string, string[]>> {
  const places = new Map<string, string[]>();
  const note = (id: string, row: object): void => {
    places.set(id, [...(places.get(id) ?? []), JSON.stringify(row)]);
  };
  for (const row of await tables.events.all()) note(String(row["id"]), row);
  for (const segment of await storedSegments()) {
    const ids = (await readHeads(env.BODIES, segment)).map(({ id }) => id);
    for (const row of await readRows(env.BODIES, segment, ids)) note(String(row["id"]), row);
  }
  return places;
}

function sorted(row: object): string {
  return JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

it("each event is in one place, as it was, whatever fails", { timeout: 600_000 }, async () => {
  const random = seeded(SEED);
  const messages = Array.from({ length: 8 }, (_, n) =>
    eventMessage(n % 3 === 2 ? "resolve" : "create", `key ${n % 4}`),
  );
  await processBatch(world.context, messages);
  world.pass(2 * MINUTE);
  const before = new Map((await tables.events.all()).map((row) => [String(row["id"]), sorted(row)]));
  await moveAll(world.context);
  await thawEvents(world.context, [...before.keys()]);
  const balance = await balanceOf(world.context);
  const next = (): Fault => {
    const drawn = random();
    return drawn < 0.06 ? "before" : drawn < 0.12 ? "after" : "none";
  };
  const db = asShard(faultyDatabase(next));
  const faulty = (): Context => ({
    ...world.context,
    shard: { ...world.context.shard, db },
    bodies: faultyBucket(next),
  });
  const ids = [...before.keys()];
  for (let round = 0; round < runs(120); round++) {
    const some = ids.filter(() => random() < 0.4);
    const work = [
      () => moveAll(faulty()),
      () => thawEvents(faulty(), some),
      () => eraseFromSegments(faulty(), some),
    ].filter(() => random() < 0.6);
    await Promise.allSettled(work.map((each) => each()));
    // The lease of a mover that failed to give it back is over.
    world.pass(3 * MINUTE);
    const places = await whereabouts();
    expect([...places.keys()].toSorted()).toEqual(ids);
    for (const [id, found] of places) {
      expect(found).toHaveLength(1);
      expect(sorted(JSON.parse(found[0] ?? ""))).toBe(before.get(id));
    }
    expect(await balanceOf(world.context)).toEqual(balance);
  }
  await moveAll(world.context);
  // What failed moves have left is deleted.
  world.pass(7 * HOUR);
  await maintain(world.context, "* * * * *", world.context.clock());
  const named = (await storedSegments()).map(({ object_key }) => object_key);
  expect((await objectKeys()).toSorted()).toEqual(named.toSorted());
  const chain = (await storedSegments()).toSorted((a, b) => a.sequence - b.sequence);
  expect(chain.map(({ previous }) => previous)).toEqual(["", ...chain.slice(0, -1).map(({ chained }) => chained)]);
});
