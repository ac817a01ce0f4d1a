import { env, exports } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import type { JsonObject } from "../../../src/client/index.ts";
import { verifyLog } from "../../../src/cli/verify/verify.ts";
import { eraseFromSegments } from "../../../src/storage/segments/rewrite.ts";
import { thawEvents } from "../../../src/storage/segments/thaw.ts";
import { garble, moveAll, storedSegments } from "../../support/segments.ts";
import { tables } from "../../support/tables.ts";
import { type World, createWorld, eventMessage, fakeOutside, insertRouted, processBatch } from "../../support/world.ts";

async function gateway(path: string, query: Readonly<Record<string, string | number>> = {}): Promise<JsonObject> {
  const url = new URL(path, "https://gate.example.net");
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  const headers = { authorization: `Bearer ${env.ADMIN_TOKEN}` };
  return await (await exports.default.fetch(new Request(url, { headers }))).json();
}

let world: World = createWorld();

beforeEach(async () => {
  world = createWorld();
  fakeOutside();
  await insertRouted("dst_0000000000000000000000000001");
  for (const count of [70, 2, 3]) {
    await processBatch(
      world.context,
      Array.from({ length: count }, (_, n) => eventMessage("create", `${count} ${n}`)),
    );
    world.pass(120_000);
    await moveAll(world.context);
  }
});

it("finds nothing wrong, after events left and were erased, too", async () => {
  expect(await verifyLog(gateway)).toEqual({ segments: 3, events: 75, shown: 75, faults: [] });
  const [first] = await storedSegments();
  const ids = [first?.from_id ?? "", first?.to_id ?? ""];
  await thawEvents(world.context, ids);
  await eraseFromSegments(world.context, ids.slice(1));
  expect(await verifyLog(gateway)).toEqual({ segments: 3, events: 75, shown: 73, faults: [] });
});

it("finds a segment that was taken out, and one that was written anew", async () => {
  const [, second, third] = await storedSegments();
  await tables.segments.update({ id: third?.id ?? "" }, { root: second?.root ?? "" });
  expect((await verifyLog(gateway)).faults).toEqual([
    `${third?.id}: its entries do not have its root`,
    "shard 0: the chain does not end as the gateway has signed",
  ]);
  await tables.segments.delete({ id: second?.id ?? "" });
  expect((await verifyLog(gateway)).faults).toContain("shard 0: the segment number 2 is not there");
});

it("names a damaged segment, and follows the chain through it", async () => {
  const [first] = await storedSegments();
  await garble(first);
  const { segments, events, faults } = await verifyLog(gateway);
  expect([segments, events]).toEqual([3, 11]);
  expect(faults).toEqual([expect.stringContaining(`${first?.id}: `)]);
});
