import { expect, it } from "vitest";
import { deliveryIdOf } from "../../../src/model/ids.ts";
import type { Row } from "../../../src/storage/rows.ts";
import { bloomOf, mayHave } from "../../../src/storage/segments/bloom.ts";
import { alertsOf, countHeads } from "../../../src/storage/segments/counts.ts";
import { SegmentError } from "../../../src/storage/segments/errors.ts";
import {
  type SegmentEntry,
  encodeSegment,
  hashOfEntry,
  parseBlock,
  parseTail,
  placeOfTail,
  randomSalts,
} from "../../../src/storage/segments/format.ts";
import { chainedTo, hashOfText, rootOf } from "../../../src/storage/segments/hashes.ts";
import { DESTINATIONS, FIRST_MS, deadDelivery, idsFrom, rowWith } from "./rows.ts";

const KEY = "segments/0/seg_1";

function entriesOf(rows: readonly Row[]): SegmentEntry[] {
  const salts = randomSalts(rows.length);
  return rows.map((row, place) => ({ kind: "row", salt: salts[place] ?? new Uint8Array(16), row }));
}

function variedRows(count: number): Row[] {
  const nextId = idsFrom(FIRST_MS);
  const opener = nextId();
  return [opener, ...Array.from({ length: count - 1 }, nextId)].map((id, place) => {
    switch (place % 5) {
      case 0:
        return rowWith(id, { type: "alert.created", outcome: "created", alert_id: `alr_${id.slice(4)}` });
      case 1:
        return rowWith(id, { type: "alert.updated", outcome: "updated", alert_id: `alr_${opener.slice(4)}` });
      case 2:
        return rowWith(id, { type: null, outcome: "ignored", deliveries: "[]", content: '{"stored_at":"events/x"}' });
      case 3:
        return rowWith(id, {
          deliveries: JSON.stringify([
            deadDelivery(id, { replayed_by: "dlv_2" }),
            deadDelivery(id, { id: "dlv_2", replay_of: deliveryIdOf(id, DESTINATIONS[1]), status: "cancelled" }),
          ]),
        });
      default:
        return rowWith(id, { grouped: 2, weight: 3, deliveries: "[]", version: place, content: '{"é":"\\u0000😀"}' });
    }
  });
}

it("gives every row back as it was, through its block", async () => {
  const rows = variedRows(200);
  const { bytes, tail_offset, tail_length, root } = await encodeSegment(entriesOf(rows));
  expect(placeOfTail(KEY, bytes.length, bytes.slice(-8))).toEqual({ offset: tail_offset, length: tail_length });
  const tail = await parseTail(KEY, bytes.slice(tail_offset, tail_offset + tail_length));
  expect(tail.root).toBe(root);
  expect(tail.blocks.map(({ events }) => events)).toEqual([64, 64, 64, 8]);
  const read: SegmentEntry[] = [];
  for (const block of tail.blocks) {
    const part = bytes.slice(block.offset, block.offset + block.length);
    read.push(...(await parseBlock(KEY, tail.columns, block, part)));
  }
  expect(read.map((entry) => (entry.kind === "row" ? entry.row : null))).toEqual(rows);
  expect(await rootOf(await Promise.all(read.map((entry) => hashOfEntry(entry, tail.columns))))).toBe(root);
  expect(bytes.length / rows.length).toBeLessThan(300);
});

it("lists in its heads what lists filter by", async () => {
  const rows = variedRows(70);
  const { bytes, tail_offset, tail_length } = await encodeSegment(entriesOf(rows));
  const { heads } = await parseTail(KEY, bytes.slice(tail_offset, tail_offset + tail_length));
  expect(heads.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  expect(heads.map(({ block }) => block)).toEqual(rows.map((_, place) => Math.floor(place / 64)));
  const [opened, updated, ignored, replayed, grouped] = heads;
  const [first] = rows;
  const opener = String(first?.["id"]);
  expect(opened).toEqual({
    id: opener,
    integration_id: "int_1",
    type: "alert.created",
    outcome: "created",
    alert_id: `alr_${opener.slice(4)}`,
    grouped: 0,
    weight: 1,
    stored_at: null,
    block: 0,
    deliveries: [
      {
        id: deliveryIdOf(opener, DESTINATIONS[0]),
        destination_id: DESTINATIONS[0],
        route_id: "rte_1",
        status: "delivered",
        replay_of: null,
        replayed_by: null,
        created_ms: FIRST_MS,
      },
    ],
  });
  expect(updated?.alert_id).toBe(`alr_${opener.slice(4)}`);
  expect(ignored).toMatchObject({ type: null, alert_id: null, deliveries: [], stored_at: "events/x" });
  expect(replayed?.deliveries).toMatchObject([
    { status: "dead", replayed_by: "dlv_2", route_id: null },
    { id: "dlv_2", status: "cancelled", replay_of: deliveryIdOf(replayed?.id ?? "", DESTINATIONS[1]) },
  ]);
  expect(grouped).toMatchObject({ grouped: 2, weight: 3 });
});

it("counts what a segment has, and forgets kinds with too many values", async () => {
  const { heads } = await encodeSegment(entriesOf(variedRows(10)));
  expect(countHeads(heads)).toEqual({
    integrations: { int_1: 10 },
    destinations: { [DESTINATIONS[0]]: 4, [DESTINATIONS[1]]: 4 },
    statuses: { delivered: 4, dead: 2, cancelled: 2 },
    outcomes: { created: 2, updated: 2, ignored: 2, received: 4 },
    types: { "alert.created": 2, "alert.updated": 2, "": 2, "event.received": 4 },
  });
  const nextId = idsFrom(FIRST_MS);
  const many = Array.from({ length: 101 }, (_, n) => rowWith(nextId(), { integration_id: `int_${n}` }));
  expect(countHeads((await encodeSegment(entriesOf(many))).heads).integrations).toBeNull();
});

it("has a filter that finds every alert, and few others", async () => {
  const { heads } = await encodeSegment(entriesOf(variedRows(500)));
  const filter = alertsOf(heads);
  expect(heads.every(({ alert_id }) => alert_id === null || mayHave(filter, alert_id))).toBe(true);
  const strangers = Array.from({ length: 1_000 }, (_, n) => `alr_${n}`);
  expect(strangers.filter((id) => mayHave(filter, id)).length).toBeLessThan(50);
  expect(bloomOf([])).toBeNull();
  expect(mayHave(null, "alr_1")).toBe(false);
});

it("keeps the root when an event leaves only its hash", async () => {
  const entries = entriesOf(variedRows(100));
  const before = await encodeSegment(entries);
  const [, erased] = entries;
  if (erased?.kind !== "row") throw new Error("There is no row.");
  const id = String(erased.row["id"]);
  const hash = await hashOfEntry(erased);
  const after = await encodeSegment(entries.with(1, { kind: "hash", hash, id }));
  expect(after.root).toBe(before.root);
  expect(after.heads.map((head) => head.id)).toEqual(before.heads.map((head) => head.id).filter((each) => each !== id));
  const tail = await parseTail(KEY, after.bytes.slice(after.tail_offset, after.tail_offset + after.tail_length));
  expect(tail.heads).toEqual(after.heads);
  const [block] = tail.blocks;
  if (block === undefined) throw new Error("There is no block.");
  const read = await parseBlock(KEY, tail.columns, block, after.bytes.slice(0, block.length));
  expect(read[1]).toEqual({ kind: "hash", hash, id });
});

it("gives a long row a block of its own", async () => {
  const nextId = idsFrom(FIRST_MS);
  const rows = [rowWith(nextId()), rowWith(nextId(), { content: "x".repeat(300_000) }), rowWith(nextId())];
  const { bytes, tail_offset, tail_length } = await encodeSegment(entriesOf(rows));
  const { blocks } = await parseTail(KEY, bytes.slice(tail_offset, tail_offset + tail_length));
  expect(blocks.map(({ from_id, to_id, events }) => [from_id, to_id, events])).toEqual(
    rows.map(({ id }) => [id, id, 1]),
  );
});

it("says that a truncated or garbled object is damaged", async () => {
  const { bytes, tail_offset, tail_length } = await encodeSegment(entriesOf(variedRows(100)));
  const tailBytes = bytes.slice(tail_offset, tail_offset + tail_length);
  const { columns, blocks } = await parseTail(KEY, tailBytes);
  const [block] = blocks;
  if (block === undefined) throw new Error("There is no block.");
  expect(() => placeOfTail(KEY, 100, bytes.slice(-9, -1))).toThrow(SegmentError);
  expect(() => placeOfTail(KEY, 3, bytes.slice(-3))).toThrow(SegmentError);
  expect(() => placeOfTail(KEY, tail_length, bytes.slice(-8))).toThrow("shorter than its tail");
  for (let at = 0; at < tailBytes.length; at += 97) {
    await expect(parseTail(KEY, tailBytes.slice(0, at))).rejects.toThrow(SegmentError);
  }
  const part = bytes.slice(0, block.length);
  for (let at = 20; at < part.length; at += 211) {
    const garbled = part.with(at, (part[at] ?? 0) ^ 0x55);
    await expect(parseBlock(KEY, columns, block, garbled)).rejects.toThrow(SegmentError);
  }
  await expect(parseBlock(KEY, columns, { ...block, events: 3 }, part)).rejects.toThrow("another number");
});

it("hashes by known vectors, so that others can compute the same", async () => {
  const salt = new Uint8Array(16).fill(7);
  const hash = await hashOfText(salt, '["evt_1",null,2]');
  expect(hash.toHex()).toBe("b140d724a4740f815f5e90a60e22d80e4203ca69bdd89e9b87dc4f11f3e155d5");
  const root = await rootOf([hash, hash]);
  expect(root).toBe("cd5e7789377449d6a79c6cb8f26a878b0eab66f773086bc61c6f66158fdf3567");
  expect(await chainedTo("", "seg_1", root)).toBe("9e5052ffb90416b9b9fdc3fd962583c4ec10d0d8719b18e35bbd1e79fbcf5249");
  expect(await chainedTo(root, "seg_1", root)).toBe("0b7a59a30341960b0ae798550743a782834a76713c75fe0da011078014c53a82");
});
