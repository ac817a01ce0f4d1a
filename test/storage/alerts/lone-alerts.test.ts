import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { contextOf } from "../../../src/context.ts";
import type { EventMessage } from "../../../src/model/event.ts";
import { alertIdOf } from "../../../src/model/ids.ts";
import { asShard } from "../../../src/platform/shards.ts";
import { findAlertOfHistory, listAlerts } from "../../../src/storage/alerts/alerts.ts";
import { client } from "../../support/api.ts";
import { maintain } from "../../support/maintenance.ts";
import { moveAll, withHotHours } from "../../support/segments.ts";
import { type EventOrder, packAll, receivedNow } from "../../support/lone-alerts.ts";
import { tables } from "../../support/tables.ts";
import { type World, createWorld, fakeOutside, insertRouted, processBatch, storedAlerts } from "../../support/world.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;
const ALL = { limit: 100, before: null };

let world: World = createWorld();

beforeEach(async () => {
  world = createWorld();
  fakeOutside();
  await insertRouted("dst_0000000000000000000000000001");
});

const now = (...order: EventOrder): EventMessage => receivedNow(world, ...order);

async function take(...messages: readonly EventMessage[]): Promise<void> {
  await processBatch(world.context, messages);
}

async function runMaintenance(): Promise<void> {
  await maintain(contextOf(world.context.env), "* * * * *", world.context.clock());
}

const pack = (): Promise<void> => packAll(world);

async function rowsOf(table: "alerts" | "lone_alerts"): Promise<number> {
  return await tables[table].count();
}

/** The alerts of all packs. */
async function packed(): Promise<string[]> {
  const rows = await tables.lone_alerts.all<{ alerts: string }>();
  return rows.flatMap(({ alerts }) => Array.from(JSON.parse(alerts), ([, { id }]) => id));
}

/** What every way to an alert shows of it. */
async function shown(id: string): Promise<readonly unknown[]> {
  const [own, listed, found, events] = await Promise.all([
    client.alerts.get(id),
    client.alerts.list(),
    client.search.get({ q: id }),
    client.events.list({ alert_id: id }),
  ]);
  const { captured: _captured, ...alert } = unwrap(own);
  expect(unwrap(listed).data.find((each) => each.id === id)).toEqual(alert);
  expect(unwrap(found).data).toMatchObject([{ kind: "alert", id }]);
  expect(unwrap(events).next_cursor).toBe(null);
  return [alert.status, alert.title, alert.dedup_count, unwrap(events).data.length];
}

describe("an alert whose only event is its opener", () => {
  it("has no row, before and after it is packed, and is shown like others", async () => {
    const opener = now("create", "disk", { title: "Disk is full" });
    await take(opener);
    const id = alertIdOf(opener.id);
    expect([await rowsOf("alerts"), await rowsOf("lone_alerts")]).toEqual([0, 0]);
    const before = unwrap(await client.alerts.get(id));
    expect(before).toMatchObject({
      key: "disk",
      integration_id: "int_test",
      created_at: opener.received_at,
      updated_at: opener.received_at,
      acknowledged_at: null,
      resolved_at: null,
    });
    expect(await shown(id)).toEqual(["open", "Disk is full", 0, 1]);
    await pack();
    expect([await rowsOf("alerts"), await rowsOf("lone_alerts")]).toEqual([0, 1]);
    expect(unwrap(await client.alerts.get(id))).toEqual(before);
    expect(await shown(id)).toEqual(["open", "Disk is full", 0, 1]);
  });

  it("gets a row with its second event, which counts wherever the alert was", async () => {
    for (const isPacked of [false, true]) {
      const opener = now("create", `key ${isPacked}`, { title: "Opened" });
      await take(opener);
      if (isPacked) await pack();
      await take(now("acknowledge", `key ${isPacked}`));
      expect(await shown(alertIdOf(opener.id))).toEqual(["acknowledged", "Opened", 0, 2]);
      await pack();
      expect(await shown(alertIdOf(opener.id))).toEqual(["acknowledged", "Opened", 0, 2]);
    }
    expect(await rowsOf("alerts")).toBe(2);
    expect(await packed()).toHaveLength(1);
  });

  it("is acted on by hand, in its own history", async () => {
    const opener = now("create", "disk");
    await take(opener);
    await pack();
    const id = alertIdOf(opener.id);
    expect(await findAlertOfHistory(asShard(env.DB), id)).toMatchObject({
      alert: { id },
      history: { namespace: "int_test", key: "disk" },
    });
    expect(unwrap(await client.alerts.resolve(id))).toMatchObject({ id, status: "resolved" });
    await expect.poll(async () => unwrap(await client.alerts.get(id)).status).toBe("resolved");
    expect(await rowsOf("alerts")).toBe(1);
  });

  it("outlives its event, in a segment and after the retention", async () => {
    const opener = now("create", "disk", { title: "Disk is full" });
    await take(opener);
    await pack();
    world.pass(3 * HOUR);
    expect(await moveAll(withHotHours(world.context, 1))).toBe(1);
    expect(await shown(alertIdOf(opener.id))).toEqual(["open", "Disk is full", 0, 1]);
    world.pass(40 * DAY);
    for (let minute = 0; minute < 5; minute++) {
      world.pass(MINUTE);
      await runMaintenance();
    }
    expect(await tables.events.count()).toBe(0);
    expect(await storedAlerts()).toMatchObject([{ id: alertIdOf(opener.id), title: "Disk is full" }]);
  });

  it("does not come to light again when it expires", async () => {
    const [first, second] = [now("create", "disk"), now("create", "cpu")];
    await take(first, second);
    await pack();
    await take(now("resolve", "disk"));
    expect(await packed()).toHaveLength(2);
    world.pass(40 * DAY);
    for (let minute = 0; minute < 5; minute++) {
      world.pass(MINUTE);
      await runMaintenance();
    }
    expect(await storedAlerts()).toMatchObject([{ id: alertIdOf(second.id), status: "open" }]);
    expect(await packed()).toEqual([alertIdOf(second.id)]);
  });

  it("is erased with its event", async () => {
    const titles = ["Confidential one", "Confidential two"];
    const openers = titles.map((title) => now("create", title.slice(-3), { title }));
    await take(...openers);
    const [first, second] = openers.map(({ id }) => id);
    unwrap(await client.events.erase(first ?? ""));
    expect(await storedAlerts()).toMatchObject([{ title: "(erased)" }, { title: "Confidential two" }]);
    await pack();
    unwrap(await client.events.erase(second ?? ""));
    expect(await storedAlerts()).toMatchObject([{ title: "(erased)" }, { title: "(erased)" }]);
    expect(JSON.stringify([await tables.events.all(), await tables.lone_alerts.all()])).not.toContain("Confidential");
  });

  it("is erased in its pack after it has got a row", async () => {
    const opener = now("create", "disk", { title: "Confidential" });
    await take(opener);
    await pack();
    await take(now("acknowledge", "disk"));
    unwrap(await client.events.erase(opener.id));
    expect(JSON.stringify([await tables.alerts.all(), await tables.lone_alerts.all()])).not.toContain("Confidential");
  });
});

describe("an alert has a row", () => {
  it("if the pass of the rollups came before its event", async () => {
    const late = now("create", "disk");
    await pack();
    await take(late);
    expect(await rowsOf("alerts")).toBe(1);
    await pack();
    expect(await rowsOf("lone_alerts")).toBe(0);
    expect(await storedAlerts()).toMatchObject([{ key: "disk" }]);
  });

  it("while the release before may be put back", async () => {
    await tables.config_revision.update({}, { lone_alerts_from: world.context.clock() + DAY });
    world.context.caches.config.forget();
    await take(now("create", "disk"));
    expect(await rowsOf("alerts")).toBe(1);
  });

  it("if its fields are long", async () => {
    const title = "\u{1f4a5}".repeat(2_000);
    await take(now("create", "disk", { title }), now("create", "cpu", { title: title.slice(0, 3_000) }));
    expect(await rowsOf("alerts")).toBe(1);
    await pack();
    expect((await storedAlerts()).map(({ key }) => key)).toEqual(["disk", "cpu"]);
  });
});

it("a message that comes again writes no row, and an earlier opener that comes late takes the place of a packed alert", async () => {
  const early = now("create", "disk", { title: "Early" });
  const opener = now("create", "disk", { title: "First" });
  await take(opener);
  await take(opener);
  await pack();
  await take(opener);
  expect(await rowsOf("alerts")).toBe(0);
  expect(await packed()).toEqual([alertIdOf(opener.id)]);
  await take(early);
  expect(await storedAlerts()).toMatchObject([{ id: alertIdOf(early.id), dedup_count: 1, title: "Early" }]);
  expect(await packed()).toEqual([]);
});

it("packs hold up to a hundred alerts, and pages pass through all of them", async () => {
  const openers = Array.from({ length: 230 }, (_, index) => now("create", `key ${index}`));
  for (let start = 0; start < openers.length; start += 50) await take(...openers.slice(start, start + 50));
  const ids = openers.map(({ id }) => alertIdOf(id));
  expect((await storedAlerts()).map(({ id }) => id)).toEqual(ids);
  await pack();
  expect(await rowsOf("lone_alerts")).toBe(3);
  expect((await storedAlerts()).map(({ id }) => id)).toEqual(ids);
  const { rows } = await listAlerts(asShard(env.DB), ALL, { key: "key 7", known_from_ms: 0 });
  expect(rows).toMatchObject([{ id: ids[7] }]);
});
