import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { Action, EventMessage } from "../../../src/model/event.ts";
import { asShard } from "../../../src/platform/shards.ts";
import { findAlert } from "../../../src/storage/alerts/alerts.ts";
import { eraseEvent } from "../../../src/storage/events/erase.ts";
import { writeRollups } from "../../../src/storage/maintenance/rollups.ts";
import { type Random, pick, seeded } from "../../faults/random.ts";
import { expectModel } from "../../support/pagertree-model.ts";
import { SEED, runs } from "../../support/runs.ts";
import { type EventOrder, forgetEvents, receivedNow } from "../../support/lone-alerts.ts";
import { tables } from "../../support/tables.ts";
import { createWorld, processUntilDone, storedAlerts } from "../../support/world.ts";

// Consumers that race each other and the pass that packs lone alerts, while events come late and twice and others are erased.

const world = createWorld();
const db = asShard(env.DB);

const now = (...order: EventOrder): EventMessage => receivedNow(world, ...order);

/** Some of the messages, as two consumers may take them, in any order. */
function batchOf(random: Random, messages: readonly EventMessage[]): readonly EventMessage[] {
  return messages.filter(() => random() < 0.3).toSorted(() => random() - 0.5);
}

async function runRound(random: Random): Promise<void> {
  const messages = Array.from({ length: 14 }, (_, index) => {
    const action = pick<Action>(random, ["create", "create", "create", "acknowledge", "resolve"]);
    return now(action, `key ${Math.floor(random() * 5)}`, { title: `Confidential ${index}.` });
  });
  const first = Date.parse(messages[0]?.received_at ?? "");
  const erased = new Set<string>();
  for (let step = 0; step < 6; step++) {
    // The watermark comes to lie anywhere among the events.
    const through = first + Math.floor(random() * 18);
    const known = (await tables.events.all<{ id: string }>()).map(({ id }) => id);
    const victim = random() < 0.4 ? known[Math.floor(random() * known.length)] : undefined;
    await Promise.all([
      processUntilDone(world.context, batchOf(random, messages)),
      processUntilDone(world.context, batchOf(random, messages)),
      random() < 0.6 ? writeRollups(db, through) : undefined,
      victim === undefined ? undefined : eraseEvent(world.context, victim, (delivery) => delivery),
    ]);
    if (victim !== undefined) erased.add(victim);
  }
  await processUntilDone(world.context, messages);
  await expectModel(messages);
  if (random() < 0.5) await writeRollups(db, first + 100);
  await expectModel(messages);

  const stored = [await tables.events.all(), await tables.alerts.all(), await tables.lone_alerts.all()];
  const text = JSON.stringify([...stored, await storedAlerts()]);
  for (const [index, { id }] of messages.entries()) {
    if (erased.has(id)) expect([id, text.includes(`Confidential ${index}.`)]).toEqual([id, false]);
  }
  const listed = await storedAlerts();
  for (const alert of listed) expect(await findAlert(db, alert.id)).toEqual(alert);
  const rows = new Set((await tables.alerts.all<{ id: string }>()).map(({ id }) => id));
  for (const { id, ...alert } of listed)
    if (!rows.has(id)) expect(alert).toMatchObject({ status: "open", dedup_count: 0 });
}

it("races of consumers, the pass and erasures end in the same alerts", { timeout: 600_000 }, async () => {
  for (let round = 0; round < runs(50); round++) {
    await forgetEvents();
    try {
      await runRound(seeded(SEED + round));
    } catch (error) {
      throw new Error(`The round of seed ${SEED + round} fails.`, { cause: error });
    }
  }
});
