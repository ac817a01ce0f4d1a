import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { Action, EventMessage } from "../../../src/model/event.ts";
import { asShard } from "../../../src/platform/shards.ts";
import { type AlertFilters, listAlerts } from "../../../src/storage/alerts/alerts.ts";
import { type Random, pick, seeded } from "../../faults/random.ts";
import { client } from "../../support/api.ts";
import { SEED, runs } from "../../support/runs.ts";
import { type EventOrder, forgetEvents, packAll, receivedNow } from "../../support/lone-alerts.ts";
import { tables } from "../../support/tables.ts";
import { createWorld, processBatch, storedAlerts } from "../../support/world.ts";

// Lists of alerts, some of which have rows, some are packed, and some wait to be packed.

const world = createWorld();

const now = (...order: EventOrder): EventMessage => receivedNow(world, ...order);

async function take(...messages: readonly EventMessage[]): Promise<void> {
  await processBatch(world.context, messages);
}

const pack = (): Promise<void> => packAll(world);

/** Follows the pages of a list to its end. */
async function walk(filters: AlertFilters, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let before: string | null = null;
  for (let pages = 0; pages < 300; pages++) {
    const page: Awaited<ReturnType<typeof listAlerts>> = await listAlerts(asShard(env.DB), { limit, before }, filters);
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    ids.push(...page.rows.map(({ id }) => id));
    if (page.next === null) return ids;
    before = page.next;
  }
  throw new Error("The list has no end.");
}

async function runStep(random: Random, sent: EventMessage[]): Promise<void> {
  const key = `key ${Math.floor(random() * 12)}`;
  const chance = random();
  if (chance < 0.15) return await pack();
  const action = pick<Action>(random, ["create", "create", "create", "acknowledge", "resolve"]);
  const message = now(action, key, { title: pick(random, ["Disk", "Memory", ""]) });
  sent.push(message);
  // Some come late, and some twice.
  if (chance > 0.9) return;
  await take(message, ...(chance > 0.8 ? [pick(random, [message, ...sent])] : []));
}

it("lists are the same as if each alert had a row, whatever is packed", { timeout: 240_000 }, async () => {
  for (let round = 0; round < runs(30); round++) {
    const random = seeded(SEED + round);
    await forgetEvents();
    const sent: EventMessage[] = [];
    for (let step = 0; step < 40; step++) await runStep(random, sent);
    for (const message of sent) await take(message);

    const limit = 1 + Math.floor(random() * 4);
    const ids = await walk({}, limit);
    const whole = (await storedAlerts()).toReversed();
    expect(ids).toEqual(whole.map(({ id }) => id));
    const key = `key ${Math.floor(random() * 12)}`;
    const oldest = whole.at(-1);
    const from_ms = Date.parse(whole[Math.floor(whole.length / 2)]?.created_at ?? "");
    const wanted = [
      { filters: { status: "open" }, fits: whole.filter(({ status }) => status === "open") },
      { filters: { status: "resolved" }, fits: whole.filter(({ status }) => status === "resolved") },
      { filters: { key }, fits: whole.filter((alert) => alert.key === key) },
      { filters: { key, known_from_ms: 0 }, fits: whole.filter((alert) => alert.key === key) },
      {
        filters: { integration_id: "int_test", from_ms },
        fits: whole.filter((alert) => Date.parse(alert.created_at) >= from_ms),
      },
      { filters: { integration_id: "int_none" }, fits: [] },
      { filters: { to_ms: Date.parse(oldest?.created_at ?? "") }, fits: oldest === undefined ? [] : [oldest] },
    ] as const;
    for (const { filters, fits } of wanted) {
      expect([filters, await walk(filters, limit)]).toEqual([filters, fits.map(({ id }) => id)]);
    }

    const found = await Array.fromAsync(client.alerts.all({ q: "disk", limit }));
    expect(found.map(({ id }) => id)).toEqual(whole.filter(({ title }) => title === "Disk").map(({ id }) => id));

    // The reference: each alert gets a row.
    await tables.config_revision.update({}, { lone_alerts_from: Number.MAX_SAFE_INTEGER });
    world.context.caches.config.forget();
    for (const table of ["events", "alerts", "lone_alerts", "alert_histories"] as const) await tables[table].delete();
    await take(...sent);
    expect(await tables.alerts.count()).toBe(whole.length);
    expect((await storedAlerts()).toReversed()).toEqual(whole);
    await tables.config_revision.update({}, { lone_alerts_from: 0 });
    world.context.caches.config.forget();
  }
});
