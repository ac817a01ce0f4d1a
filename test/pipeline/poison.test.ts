import { env } from "cloudflare:workers";
import { beforeEach, expect, it, vi } from "vitest";
import { type Fate, takeEvents } from "../support/deliveries.ts";
import { createWorld, eventMessage, fakeOutside, insertRouted, storedEvents } from "../support/world.ts";
import { tables } from "../support/tables.ts";

const DESTINATION = "dst_0000000000000000000000000001";
const ACKED: Fate = { kind: "acked" };

const good = ["a", "b", "c"].map((key) => eventMessage("create", key));
const poison = eventMessage("create", "poison");

/** Returns a database that refuses each transaction with one event, as if its row were too large. */
async function refuse(id: string): Promise<void> {
  await env.DB.prepare(
    `CREATE TRIGGER refuse BEFORE INSERT ON events WHEN NEW.id = '${id}'
     BEGIN SELECT RAISE(ABORT, 'string or blob too big'); END`,
  ).run();
}

beforeEach(async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  await insertRouted(DESTINATION);
  fakeOutside();
});

it("an event that cannot be recorded does not block the others of its batch for ever", async () => {
  await refuse(poison.id);
  const { context } = createWorld();
  const sent = [...good.slice(0, 2), poison, ...good.slice(2)].map((body) => ({ body, attempts: 3 }));
  const fates = await takeEvents(context, sent);
  expect(fates).toEqual([ACKED, ACKED, { kind: "retried", delay_seconds: 8 }, ACKED]);
  expect((await storedEvents()).map(({ id }) => id)).toEqual(good.map(({ id }) => id));
});

it("a fault that all events share is tried with a few of them only", async () => {
  const { context } = createWorld();
  const prepare = vi.spyOn(env.DB, "batch");
  const many = Array.from({ length: 50 }, (_, index) => eventMessage("create", `key-${index}`));
  const sent = many.map((body) => ({ body, attempts: 4 }));
  const fates = await tables.outbox.whileAway(() => takeEvents(context, sent));
  expect(fates.every((fate) => fate.kind === "retried" && fate.delay_seconds === 16)).toBe(true);
  expect(prepare.mock.calls.length).toBeLessThan(10);
});
