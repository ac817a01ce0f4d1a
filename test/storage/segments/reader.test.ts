import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { asShard } from "../../../src/platform/shards.ts";
import { countHeads } from "../../../src/storage/segments/counts.ts";
import { encodeSegment, randomSalts } from "../../../src/storage/segments/format.ts";
import { readBlockRows, readHeads, readRows } from "../../../src/storage/segments/reader.ts";
import {
  type Segment,
  findSegment,
  findSegments,
  parseSegment,
  readSegments,
} from "../../../src/storage/segments/segment-rows.ts";
import { segmentIdOf } from "../../../src/model/ids.ts";
import { tables } from "../../support/tables.ts";
import { FIRST_MS, idsFrom, rowWith } from "./rows.ts";

const db = asShard(env.DB);

let sequence = 0;

/** Stores a segment of rows with these ids. */
async function store(ids: readonly string[], removed: readonly string[] = []): Promise<Segment> {
  const salts = randomSalts(ids.length);
  const entries = ids.map((each, place) => {
    return { kind: "row", salt: salts[place] ?? new Uint8Array(16), row: rowWith(each) } as const;
  });
  const { bytes, heads, ...rest } = await encodeSegment(entries);
  const id = segmentIdOf(ids.at(-1) ?? "", crypto.getRandomValues(new Uint8Array(10)));
  const object_key = `segments/0/${id}`;
  await env.BODIES.put(object_key, bytes);
  const row = {
    id,
    from_id: ids[0] ?? "",
    to_id: ids.at(-1) ?? "",
    version: 1,
    object_key,
    events: ids.length,
    bytes: bytes.length,
    ...rest,
    sequence: (sequence += 1),
    previous: "",
    chained: "",
    created_at: new Date(FIRST_MS).toISOString(),
    removed: JSON.stringify(removed),
    hours: "{}",
    counts: JSON.stringify(countHeads(heads)),
    alerts: null,
  };
  await tables.segments.insert(row);
  return parseSegment(row);
}

it("reads heads, single rows and blocks, without removed events", async () => {
  const nextId = idsFrom(FIRST_MS);
  const ids = Array.from({ length: 150 }, nextId);
  const [first = "", second = ""] = ids;
  const last = ids.at(-1) ?? "";
  const segment = await store(ids, [second]);
  expect((await readHeads(env.BODIES, segment)).map(({ id }) => id)).toEqual(ids.filter((id) => id !== second));
  expect(await readRows(env.BODIES, segment, [last, first, second, nextId()])).toEqual([rowWith(first), rowWith(last)]);
  expect((await readBlockRows(env.BODIES, segment, 0)).map((row) => row["id"])).toEqual(
    ids.slice(0, 64).filter((id) => id !== second),
  );
  expect(await readRows(env.BODIES, segment, [second])).toEqual([]);
});

it("finds the segments that can have an event, and pages through those of a range", async () => {
  const nextId = idsFrom(FIRST_MS);
  const [a1 = "", a2 = "", b1 = "", b2 = "", c1 = "", c2 = ""] = Array.from({ length: 6 }, nextId);
  const a = await store([a1, a2]);
  const b = await store([b1, b2]);
  // It has an event that stayed behind.
  const c = await store([a2, c1, c2]);
  const idsOf = (segments: readonly Segment[]): string[] => segments.map(({ id }) => id);
  expect(idsOf(await findSegments(db, [a1]))).toEqual([a.id]);
  expect(idsOf(await findSegments(db, [b1]))).toEqual([c.id, b.id]);
  expect(idsOf(await findSegments(db, [a2, c2]))).toEqual([c.id, a.id]);
  expect(await findSegments(db, [nextId()])).toEqual([]);
  expect(idsOf(await readSegments(db, { from: "", below: "~" }, "~", 2))).toEqual([c.id, b.id]);
  expect(idsOf(await readSegments(db, { from: "", below: "~" }, b.id, 2))).toEqual([a.id]);
  expect(idsOf(await readSegments(db, { from: b1, below: c1 }, "~", 9))).toEqual([c.id, b.id]);
  expect(idsOf(await readSegments(db, { from: a1, below: a2 }, "~", 9))).toEqual([a.id]);
  expect(await findSegment(db, b.id)).toEqual(b);
  expect(await findSegment(db, "seg_1")).toBeNull();
});

it("says that a segment without its object is missing, and one that was cut short is damaged", async () => {
  const nextId = idsFrom(FIRST_MS);
  const missing = await store([nextId()]);
  await env.BODIES.delete(missing.object_key);
  await expect(readHeads(env.BODIES, missing)).rejects.toThrow("is missing");
  const cut = await store([nextId()]);
  const object = await env.BODIES.get(cut.object_key);
  const bytes = new Uint8Array((await object?.arrayBuffer()) ?? new ArrayBuffer(0));
  await env.BODIES.put(cut.object_key, bytes.slice(0, -20));
  await expect(readHeads(env.BODIES, cut)).rejects.toThrow("is damaged");
});
