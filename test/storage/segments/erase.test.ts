import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { checkSegments } from "../../../src/maintenance/check-segments.ts";
import { eraseEvent } from "../../../src/storage/events/erase.ts";
import type { SegmentEntry } from "../../../src/storage/segments/format.ts";
import { readBlocks, readHeads, readTail } from "../../../src/storage/segments/reader.ts";
import { eraseFromSegments } from "../../../src/storage/segments/rewrite.ts";
import type { Segment } from "../../../src/storage/segments/segment-rows.ts";
import { thawEvents } from "../../../src/storage/segments/thaw.ts";
import { moveAll, objectKeys, storedSegments } from "../../support/segments.ts";
import { type World, createWorld, eventMessage, fakeOutside, insertRouted, processBatch } from "../../support/world.ts";

const MINUTE = 60_000;

let world: World = createWorld();
/** The event that is erased. */
let id = "";

beforeEach(async () => {
  world = createWorld();
  fakeOutside();
  await insertRouted("dst_0000000000000000000000000001");
  const messages = ["disk", "cpu", "ram", "net", "fan", "psu"].map((key) => eventMessage("create", key));
  await processBatch(world.context, messages);
  world.pass(2 * MINUTE);
  id = messages[0]?.id ?? "";
});

/** Everything that the object of a segment holds. */
async function entriesOf(segment: Segment): Promise<readonly SegmentEntry[]> {
  const { blocks } = await readTail(env.BODIES, segment);
  return await readBlocks(env.BODIES, segment, [...blocks.keys()]);
}

describe("erasing", () => {
  it("removes an event and its salt from every object, and keeps the root", async () => {
    await moveAll(world.context);
    await thawEvents(world.context, [id]);
    await moveAll(world.context);
    await thawEvents(world.context, [id]);
    const before = await storedSegments();
    const old = await objectKeys();
    await eraseFromSegments(world.context, [id]);
    const after = await storedSegments();
    expect(after.map(({ root, chained }) => [root, chained])).toEqual(
      before.map(({ root, chained }) => [root, chained]),
    );
    const keys = await objectKeys();
    expect(keys.filter((key) => old.includes(key))).toEqual([]);
    expect(keys).toHaveLength(2);
    await eraseFromSegments(world.context, [id]);
    expect(await objectKeys()).toEqual(keys);
    expect(await thawEvents(world.context, [id])).toEqual(new Set());
    const left = await Promise.all(after.map(async (segment) => (await readHeads(env.BODIES, segment)).length));
    expect(left.toSorted((a, b) => a - b)).toEqual([0, 5]);
  });
});

describe("an erasure beside a move", () => {
  it("leaves nothing of the event in the object that was written meanwhile", async () => {
    const put = env.BODIES.put.bind(env.BODIES);
    let isErased = false;
    const bodies = new Proxy(env.BODIES, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        if (name !== "put") return member.bind(target);
        return async (key: string, bytes: Uint8Array) => {
          // The event was read, and is not deleted yet.
          if (!isErased) await eraseEvent(world.context, id, (delivery) => delivery);
          isErased = true;
          return await put(key, bytes);
        };
      },
    });
    await moveAll({ ...world.context, bodies });
    const entries = await Promise.all((await storedSegments()).map(entriesOf));
    const rows = entries.flat().flatMap((entry) => (entry.kind === "row" && entry.row["id"] === id ? [entry.row] : []));
    expect(rows.map(({ content }) => content)).toEqual(['{"stored_at":"erased"}']);
  });

  it("is finished by the check if it was interrupted", async () => {
    await moveAll(world.context);
    await thawEvents(world.context, [id]);
    const [before] = await storedSegments();
    world.pass(20 * MINUTE - (world.context.clock() % (10 * MINUTE)));
    await checkSegments.run(world.context, checkSegments.max_calls);
    const [after] = await storedSegments();
    expect(after?.root).toBe(before?.root);
    expect(after?.object_key).not.toBe(before?.object_key);
    expect(await objectKeys()).toEqual([after?.object_key]);
  });
});
