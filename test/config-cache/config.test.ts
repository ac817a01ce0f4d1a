import { asPrimary } from "../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createConfigCache } from "../../src/config-cache/config.ts";
import { fakeDatabase } from "../support/bindings.ts";
import { routeWith } from "../support/configuration.ts";
import { watchedDatabase } from "../support/watched-database.ts";
import { insertRouted } from "../support/world.ts";
import { changeConfig, readState } from "../../src/storage/config/revision.ts";
import { insertRoute as routeInsertion } from "../../src/storage/config/routes.ts";
import { dropColumn } from "../support/schema.ts";
import { tables } from "../support/tables.ts";
import { waitTurns } from "../support/turns.ts";

const FIRST = "dst_0000000000000000000000000001";
const SECOND = "dst_0000000000000000000000000002";

function createClock() {
  let ms = 1_000_000;
  return { now: () => ms, pass: (by: number) => void (ms += by) };
}

/** A change by another isolate: this one's cache is not told to forget. */
async function changeElsewhere(id: string): Promise<void> {
  await changeConfig(asPrimary(env.DB), [routeInsertion(asPrimary(env.DB), routeWith({ id }))]);
}

async function routeIds(load: Promise<{ readonly routes: readonly { readonly id: string }[] }>): Promise<string[]> {
  return (await load).routes.map((route) => route.id);
}

describe("the config cache", () => {
  it("holds the stored routes and destinations", async () => {
    await insertRouted(FIRST);
    const { routes, destinations } = await createConfigCache(asPrimary(env.DB), () => 0).load();
    expect(routes).toMatchObject([{ id: "rte_1", enabled: true, destination_ids: [FIRST] }]);
    expect([...destinations.keys()]).toEqual([FIRST]);
    expect(destinations.get(FIRST)).toMatchObject({ id: FIRST, enabled: true, timeout_ms: 10_000 });
  });

  it("is not read again while it is fresh", async () => {
    const clock = createClock();
    const fake = fakeDatabase();
    const config = createConfigCache(asPrimary(fake.db), clock.now);
    await config.load();
    const { prepared } = fake;
    clock.pass(4_999);
    await config.load();
    expect(fake.prepared).toBe(prepared);
  });

  it("costs one read of the revision if nothing has changed", async () => {
    const clock = createClock();
    const fake = fakeDatabase();
    const config = createConfigCache(asPrimary(fake.db), clock.now);
    const before = await config.load();
    const { prepared } = fake;
    clock.pass(5_000);
    expect(await config.load()).toBe(before);
    expect(fake.prepared).toBe(prepared + 1);
  });

  it("shows another isolate's change once it is no longer fresh", async () => {
    const clock = createClock();
    const config = createConfigCache(asPrimary(env.DB), clock.now);
    expect(await routeIds(config.load())).toEqual([]);
    await changeElsewhere("rte_new");
    clock.pass(5_000);
    expect(await routeIds(config.load())).toEqual(["rte_new"]);
  });

  it("shows this isolate's change at once after forget()", async () => {
    const config = createConfigCache(asPrimary(env.DB), () => 0);
    await config.load();
    await changeElsewhere("rte_new");
    expect(await routeIds(config.load())).toEqual([]);
    config.forget();
    expect(await routeIds(config.load())).toEqual(["rte_new"]);
  });

  it("does not return to its old state by a load that began before forget()", async () => {
    const reading = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const after = async (sql: string): Promise<void> => {
      if (!sql.includes("FROM routes")) return;
      reading.resolve();
      await mayEnd.promise;
    };
    const config = createConfigCache(asPrimary(watchedDatabase({ after })), () => 0);
    const slow = config.load();
    await reading.promise;
    await changeElsewhere("rte_new");
    config.forget();
    mayEnd.resolve();
    await slow;
    expect(await routeIds(config.load())).toEqual(["rte_new"]);
  });

  it("is of one moment: no route names a destination that was made after the destinations were read", async () => {
    let destinationsAreRead = false;
    const db = watchedDatabase({
      async before(sql) {
        if (!sql.includes("FROM routes")) return;
        // Lets a read of the destinations in flight finish first.
        for (let turns = 0; turns < 20 && !destinationsAreRead; turns++) await waitTurns(1);
        await insertRouted(SECOND);
      },
      after(sql) {
        if (sql.includes("FROM destinations")) destinationsAreRead = true;
        return Promise.resolve();
      },
    });
    const { routes, destinations } = await createConfigCache(asPrimary(db), () => 0).load();
    for (const id of routes.flatMap((route) => route.destination_ids)) expect(destinations.has(id)).toBe(true);
  });

  it("counts its age from the start of the read, not from its end", async () => {
    const clock = createClock();
    const config = createConfigCache(
      asPrimary(watchedDatabase({ after: () => Promise.resolve(clock.pass(3_000)) })),
      clock.now,
    );
    await config.load();
    await changeElsewhere("rte_new");
    clock.pass(4_999);
    expect(await routeIds(config.load())).toEqual(["rte_new"]);
  });

  it("throws while the database cannot be read, and recovers", async () => {
    const fake = fakeDatabase();
    fake.behaviour = "throws";
    const config = createConfigCache(asPrimary(fake.db), () => 0);
    await expect(config.load()).rejects.toThrow();
    fake.behaviour = "takes";
    expect(await routeIds(config.load())).toEqual([]);
  });
});

it("goes on with a database of the release before, in which nobody looks at the dashboard", async () => {
  await dropColumn("config_revision", "watched_until");
  const config = createConfigCache(asPrimary(env.DB), () => 0);
  expect(await config.load()).toMatchObject({ watched_until: 0, destinations: new Map() });
  expect(config.watchedUntil()).toBe(0);
  expect(await readState(asPrimary(env.DB))).toMatchObject({ watched_until: 0 });
});

it("writes rows in full until it knows that the short form may be written", async () => {
  const clock = { ms: 0 };
  const config = createConfigCache(asPrimary(env.DB), () => clock.ms);
  expect(config.rowForm()).toBe("full");
  await tables.config_revision.update({}, { short_rows_from: 100 });
  await config.load();
  expect(config.rowForm()).toBe("full");
  clock.ms = 100;
  expect(config.rowForm()).toBe("short");
  await dropColumn("config_revision", "short_rows_from");
  config.forget();
  await config.load();
  expect(config.rowForm()).toBe("full");
});
