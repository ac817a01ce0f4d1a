import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import type { EventMessage } from "../../../src/model/event.ts";
import { alertIdOf } from "../../../src/model/ids.ts";
import { asShard } from "../../../src/platform/shards.ts";
import { eraseEvent } from "../../../src/storage/events/erase.ts";
import { listAlerts, readShownFields } from "../../../src/storage/alerts/alerts.ts";
import { client } from "../../support/api.ts";
import { interceptedDatabase } from "../../support/intercepted-database.ts";
import { type EventOrder, packAll, receivedNow } from "../../support/lone-alerts.ts";
import { tables } from "../../support/tables.ts";
import { type World, createWorld, processBatch, storedAlerts } from "../../support/world.ts";

// Lone alerts in gateways that are nearly idle, under strange keys, and while consumers are half done.

const DAY = 86_400_000;

let world: World = createWorld();

beforeEach(() => {
  world = createWorld();
});

const now = (...order: EventOrder): EventMessage => receivedNow(world, ...order);

async function take(...messages: readonly EventMessage[]): Promise<void> {
  await processBatch(world.context, messages);
}

const pack = (): Promise<void> => packAll(world);

/** Splits all packs, as if each alert had come in a minute of its own. */
async function split(): Promise<void> {
  const packs = await tables.lone_alerts.all<{ alerts: string }>();
  await tables.lone_alerts.delete();
  for (const { alerts } of packs) {
    const pairs: [string, { id: string }][] = JSON.parse(alerts);
    for (const pair of pairs) await tables.lone_alerts.insert({ first_id: pair[1].id, alerts: JSON.stringify([pair]) });
  }
}

it("a page looks at many packs if they have few alerts each", async () => {
  const openers = Array.from({ length: 150 }, (_, index) =>
    now("create", `key ${index}`, { title: `Title ${index}.` }),
  );
  for (let start = 0; start < openers.length; start += 50) await take(...openers.slice(start, start + 50));
  await pack();
  await split();
  const found = unwrap(await client.search.get({ q: "title 3." })).data;
  expect(found.map(({ id }) => id)).toEqual([alertIdOf(openers[3]?.id ?? ""), openers[3]?.id]);
  const page = { limit: 5, before: null };
  const listed = await listAlerts(asShard(env.DB), page, { status: "open", key: "key 7" });
  expect(listed).toMatchObject({ rows: [{ key: "key 7" }], next: null });
});

it("a pack without alerts is deleted", async () => {
  const [first, second] = [now("create", "disk"), now("create", "cpu")];
  await take(first, second);
  await pack();
  await split();
  await take(now("resolve", "disk"));
  world.pass(40 * DAY);
  for (let minute = 0; minute < 3; minute++) await pack();
  expect(await storedAlerts()).toMatchObject([{ id: alertIdOf(second.id) }]);
  expect(await tables.lone_alerts.count()).toBe(1);
});

it("only its own id leads to an alert", async () => {
  const opener = now("create", "disk");
  await take(opener);
  for (let round = 0; round < 2; round++) {
    for (const id of [opener.id, opener.id.replace("evt_", "abc_")]) {
      expect(await client.alerts.get(id)).toMatchObject({ ok: false });
    }
    await pack();
  }
});

it("an erasure reaches the copies of later events whose alert has no row yet", async () => {
  const opener = now("create", "disk", { title: "Confidential" });
  await take(opener);
  await take(now("acknowledge", "disk"));
  // As after a commit that lost the race for the version of the history, until the batch is decided again.
  await tables.alerts.delete();
  await eraseEvent(world.context, opener.id, (delivery) => delivery);
  expect(JSON.stringify(await tables.events.all())).not.toContain("Confidential");
});

it.each(["nul \0 key", `'"\\`, "k".repeat(1_000), "💥".repeat(500), "ß%_*", "\u2028", " "])(
  "an alert with the key %j is like others",
  async (key) => {
    const opener = now("create", key);
    await take(opener);
    const id = alertIdOf(opener.id);
    const before = unwrap(await client.alerts.get(id));
    expect((await storedAlerts()).map((each) => each.id)).toEqual([id]);
    await pack();
    expect(unwrap(await client.alerts.get(id))).toEqual(before);
    expect((await storedAlerts()).map((each) => each.id)).toEqual([id]);
    const byKey = await listAlerts(asShard(env.DB), { limit: 5, before: null }, { key, known_from_ms: 0 });
    const byScan = await listAlerts(asShard(env.DB), { limit: 5, before: null }, { key });
    expect([byKey.rows.length, byScan.rows.length]).toEqual([1, 1]);
    await take(now("resolve", key));
    expect(await storedAlerts()).toMatchObject([{ id, status: "resolved", dedup_count: 0 }]);
    world.pass(40 * DAY);
    for (let minute = 0; minute < 3; minute++) await pack();
    expect(await storedAlerts()).toEqual([]);
  },
);

it("the fields of an alert are found while it gets its row", async () => {
  const opener = now("create", "disk", { title: "Disk is full" });
  await take(opener);
  const id = alertIdOf(opener.id);
  const { promise, resolve } = Promise.withResolvers<void>();
  const DB = interceptedDatabase(async ([sql = ""], call) => {
    if (sql.includes("lone_alerts")) await promise;
    return await call();
  });
  const shown = readShownFields(asShard(DB), [id]);
  await take(now("acknowledge", "disk"));
  resolve();
  expect((await shown).rows).toMatchObject([{ id, fields: { title: "Disk is full" } }]);
});

it.each([false, true])("an erasure reaches what a consumer is about to write (with a row: %j)", async (hasRow) => {
  const opener = now("create", "disk", { title: "Confidential" });
  await take(opener, ...(hasRow ? [now("create", "disk", { title: "Again" })] : []));
  let isErased = false;
  const DB = interceptedDatabase(async (queries, call) => {
    if (!isErased && queries.some((sql) => sql.includes("INSERT INTO events"))) {
      isErased = true;
      await eraseEvent(world.context, opener.id, (delivery) => delivery);
    }
    return await call();
  });
  const { shard } = world.context;
  await processBatch({ ...world.context, shard: { ...shard, db: asShard(DB) } }, [now("acknowledge", "disk")]);
  expect(isErased).toBe(true);
  expect(await storedAlerts()).toMatchObject([{ status: "acknowledged", title: "(erased)" }]);
  expect(JSON.stringify([await tables.events.all(), await tables.alerts.all()])).not.toContain("Confidential");
});

it("an erasure reaches the copies of events that raised the urgency", async () => {
  const opener = now("create", "disk", { title: "Confidential" });
  const remind = now("remind", "disk", { title: "Confidential" });
  const { content } = remind;
  if (content.kind !== "alert" || content.signal.action !== "remind") throw new Error("This is no reminder.");
  const { signal } = content;
  const raised = { ...signal, fields: { ...signal.fields, urgency: "high" } } as const;
  await take(opener, { ...remind, content: { ...content, signal: raised } }, now("acknowledge", "disk"));
  expect(await storedAlerts()).toMatchObject([{ title: "Confidential", urgency: "high" }]);
  await eraseEvent(world.context, opener.id, (delivery) => delivery);
  const snapshots = await tables.events.all<{ alert: string }>();
  expect(JSON.stringify(snapshots.map(({ alert }) => alert))).not.toContain("Confidential");
});
