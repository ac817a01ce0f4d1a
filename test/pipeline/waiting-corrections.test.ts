import { asShard } from "../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { appendEvents } from "../../src/storage/pipeline/append.ts";
import { insertOutbox } from "../../src/storage/pipeline/outbox.ts";
import { createWorld, eventMessage, fakeOutside, processBatch, storedEvents } from "../support/world.ts";
import { tables } from "../support/tables.ts";

async function isInOutbox(id: string): Promise<boolean> {
  return (await tables.outbox.count({ id })) > 0;
}

it("an event whose correction waits for another consumer's event stays in the outbox until it is corrected", async () => {
  fakeOutside();
  const { context } = createWorld({ ACCEPT_DURABILITY: "outbox" });
  const create = eventMessage("create", "disk");
  const resolve = eventMessage("resolve", "disk");
  await processBatch(context, [resolve]);
  expect(await storedEvents()).toMatchObject([{ id: resolve.id, outcome: "ignored" }]);

  // Another consumer has added an earlier event to the history, and has not committed it yet.
  await insertOutbox(asShard(env.DB), [{ id: resolve.id, message: JSON.stringify(resolve), send_at: 0 }]);
  const history = { namespace: "int_test", key: "disk", action: "create", urgency: null, whole: false } as const;
  await appendEvents(
    asShard(env.DB),
    [{ id: create.id, integration_id: "int_test", idempotency_keys: [], signed_key: null, history }],
    [],
  );
  expect(await processBatch(context, [resolve])).toEqual(new Set([resolve.id]));
  expect(await isInOutbox(resolve.id)).toBe(true);

  await processBatch(context, [create]);
  expect(await processBatch(context, [resolve])).toEqual(new Set());
  expect((await storedEvents()).map(({ outcome }) => outcome).toSorted()).toEqual(["created", "resolved"]);
  expect(await isInOutbox(resolve.id)).toBe(false);
});
