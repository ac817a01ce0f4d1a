import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { chainedTo, hashOfText, rootOf } from "../../../src/storage/segments/hashes.ts";
import { thawEvents } from "../../../src/storage/segments/thaw.ts";
import { client, statusOf } from "../../support/api.ts";
import { maintain } from "../../support/maintenance.ts";
import { garble, moveAll, storedSegments } from "../../support/segments.ts";
import { tables } from "../../support/tables.ts";
import { type World, createWorld, eventMessage, fakeOutside, insertRouted, processBatch } from "../../support/world.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

let world: World = createWorld();

beforeEach(async () => {
  world = createWorld();
  fakeOutside();
  await insertRouted("dst_0000000000000000000000000001");
});

/** Writes a segment of so many events. */
async function writeSegment(count: number): Promise<void> {
  await processBatch(
    world.context,
    Array.from({ length: count }, (_, n) => eventMessage("create", `key ${n}`)),
  );
  world.pass(2 * MINUTE);
  await moveAll(world.context);
}

it("lists segments, newest first, a page at a time", async () => {
  expect(unwrap(await client.segments.list()).data).toEqual([]);
  await writeSegment(2);
  await writeSegment(3);
  const [older, newer] = await storedSegments();
  const first = unwrap(await client.segments.list({ limit: 1 }));
  expect(first.data).toMatchObject([{ id: newer?.id, events: 3, bytes: newer?.bytes }]);
  const second = unwrap(await client.segments.list({ limit: 1, cursor: first.next_cursor ?? "" }));
  expect(second.data).toMatchObject([{ id: older?.id, events: 2 }]);
  expect(second.next_cursor).toBeNull();
  const [shown] = second.data;
  expect(Date.parse(shown?.from ?? "")).toBeLessThanOrEqual(Date.parse(shown?.to ?? ""));
  await thawEvents(world.context, [older?.from_id ?? ""]);
  expect(unwrap(await client.segments.list()).data.map(({ events }) => events)).toEqual([3, 1]);
});

it("shows what a segment is computed from, but not the rows of events that left it", async () => {
  await writeSegment(70);
  const [stored] = await storedSegments();
  const id = stored?.id ?? "";
  const [gone] = await thawEvents(world.context, [stored?.to_id ?? ""]);
  const first = unwrap(await client.segments.get(id));
  expect(first.data).toHaveLength(64);
  const second = unwrap(await client.segments.get(id, { cursor: first.next_cursor ?? "" }));
  expect(second.next_cursor).toBeNull();
  const entries = [...first.data, ...second.data];
  const hashes = await Promise.all(
    entries.map(async ({ hash, salt, row }) => {
      const computed = row === null || salt === null ? null : await hashOfText(Uint8Array.fromHex(salt), row);
      expect(computed?.toHex() ?? hash).toBe(hash);
      return Uint8Array.fromHex(hash);
    }),
  );
  expect(entries.at(-1)).toMatchObject({ id: gone, salt: null, row: null });
  const { root, previous, chained, written, events, columns } = first.segment;
  expect(await rootOf(hashes)).toBe(root);
  expect(await chainedTo(previous, id, root)).toBe(chained);
  expect([written, events]).toEqual([70, 69]);
  expect(JSON.parse(entries[0]?.row ?? "")[columns.indexOf("id")]).toBe(entries[0]?.id);
  expect(statusOf(await client.segments.get("seg_none"))).toBe(404);
});

it("says what cannot be read of a damaged segment, and shows what is after that", async () => {
  await writeSegment(70);
  const [stored] = await storedSegments();
  const id = stored?.id ?? "";
  await garble(stored);
  const first = unwrap(await client.segments.get(id));
  expect(first.data).toEqual([]);
  expect(first.damage).toContain("cannot be decompressed");
  const second = unwrap(await client.segments.get(id, { cursor: first.next_cursor ?? "" }));
  expect(second).toMatchObject({ damage: null, next_cursor: null });
  expect(second.data).toHaveLength(6);
  const lost = await client.events.get(stored?.from_id ?? "");
  expect(lost).toMatchObject({ ok: false, error: { status: 409, problem: { code: "segment_damaged" } } });
});

it("shows the place in the chain of a segment whose object is gone", async () => {
  await writeSegment(2);
  const [stored] = await storedSegments();
  await env.BODIES.delete(stored?.object_key ?? "");
  const shown = unwrap(await client.segments.get(stored?.id ?? ""));
  expect(shown).toMatchObject({ data: [], next_cursor: null, segment: { root: stored?.root, sequence: 1 } });
  expect(shown.damage).toContain("there is no such object");
  expect(statusOf(await client.events.get(stored?.from_id ?? ""))).toBe(409);
});

it("publishes the signed ends of the chains, and the oldest segment that is kept", async () => {
  const before = unwrap(await client.gateway.getLog());
  expect(before.shards).toEqual([{ shard: 0, sequence: 0, head: "", oldest: null, dropped: [] }]);
  await writeSegment(2);
  await writeSegment(2);
  const [older, newer] = await storedSegments();
  const { jws, ...log } = unwrap(await client.gateway.getLog());
  expect(log.shards).toMatchObject([
    { sequence: 2, head: newer?.chained, oldest: { id: older?.id, sequence: 1, previous: "", root: older?.root } },
  ]);
  const [header = "", payload = "", signature = ""] = jws.split(".");
  const decode = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.fromBase64(text, { alphabet: "base64url" });
  expect(JSON.parse(new TextDecoder().decode(decode(payload)))).toEqual(log);
  const { kid } = JSON.parse(new TextDecoder().decode(decode(header)));
  const { keys } = unwrap(await client.gateway.getKeys());
  const key = keys.find((each) => each.kid === kid);
  const imported = await crypto.subtle.importKey("raw", decode(key?.x ?? ""), { name: "Ed25519" }, false, ["verify"]);
  const signed = new TextEncoder().encode(`${header}.${payload}`);
  expect(await crypto.subtle.verify("Ed25519", imported, decode(signature), signed)).toBe(true);
});

it("keeps the links of segments that are deleted before older ones of the chain", async () => {
  await writeSegment(1);
  await writeSegment(1);
  await writeSegment(1);
  const [first, second, third] = await storedSegments();
  // The second one has the oldest events: of deliveries that were pending for long.
  const id = `seg_0${second?.id.slice(5)}`;
  await tables.segments.update({ id: second?.id ?? "" }, { id });
  await maintain(world.context, "* * * * *", world.context.clock() + MINUTE);
  const [kept] = unwrap(await client.gateway.getLog()).shards;
  expect(kept).toMatchObject({
    sequence: 3,
    oldest: { id: first?.id },
    dropped: [{ id, sequence: 2, root: second?.root }],
  });
  expect(await env.BODIES.head(second?.object_key ?? "")).toBeNull();
  world.pass(31 * DAY);
  await maintain(world.context, "* * * * *", world.context.clock());
  const [empty] = unwrap(await client.gateway.getLog()).shards;
  expect(empty).toEqual({ shard: 0, sequence: 3, head: third?.chained, oldest: null, dropped: [] });
});
