import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { enroll } from "../../src/storage/pipeline/append.ts";
import { insertOutbox } from "../../src/storage/pipeline/outbox.ts";
import { createWorld, eventMessage, fakeOutside, processBatch, storedEvents } from "../support/world.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

async function isInOutbox(id: string): Promise<boolean> {
  return (await env.DB.prepare("SELECT 1 FROM outbox WHERE id = ?").bind(id).first()) !== null;
}

it("an event whose correction waits for another consumer's event stays in the outbox until it is corrected", async () => {
  fakeOutside();
  const { tools } = createWorld({ ACCEPT_DURABILITY: "outbox" });
  const create = eventMessage("create", "disk");
  const resolve = eventMessage("resolve", "disk");
  await processBatch(tools, [resolve]);
  expect(await storedEvents()).toMatchObject([{ id: resolve.id, outcome: "ignored" }]);

  // Another consumer has added the event that came before it to the history, and has not settled it yet.
  await insertOutbox(env.DB, [{ id: resolve.id, message: JSON.stringify(resolve), send_at: 0 }]);
  const history = { namespace: "int_test", key: "disk", action: "create", whole: false } as const;
  await enroll(env.DB, [{ id: create.id, integration_id: "int_test", repeat_key: null, history }], []);
  expect(await processBatch(tools, [resolve])).toEqual(new Set([resolve.id]));
  expect(await isInOutbox(resolve.id)).toBe(true);

  await processBatch(tools, [create]);
  expect(await processBatch(tools, [resolve])).toEqual(new Set());
  expect((await storedEvents()).map(({ outcome }) => outcome).toSorted()).toEqual(["created", "resolved"]);
  expect(await isInOutbox(resolve.id)).toBe(false);
});
