import { env } from "cloudflare:workers";
import { segmentIdOf } from "../../src/model/ids.ts";
import { encodeSegment, randomSalts } from "../../src/storage/segments/format.ts";
import { alertsOf, countHeads } from "../../src/storage/segments/counts.ts";
import type { StoredRow } from "./table.ts";
import { tables } from "./tables.ts";

// Segments made by hand, for tests that read them.

async function storeSegment(rows: readonly StoredRow[], bucket: R2Bucket): Promise<void> {
  const ids = rows.map(({ id }) => String(id));
  const [from_id, to_id] = [ids[0], ids.at(-1)];
  if (from_id === undefined || to_id === undefined) return;
  const salts = randomSalts(rows.length);
  const entries = rows.map((row, place) => ({ kind: "row", salt: salts[place] ?? new Uint8Array(16), row }) as const);
  const { bytes, tail_offset, tail_length, root, heads } = await encodeSegment(entries);
  const id = segmentIdOf(to_id, crypto.getRandomValues(new Uint8Array(10)));
  const object_key = `segments/0/${id}`;
  await bucket.put(object_key, bytes);
  await tables.segments.insert({
    id,
    from_id,
    to_id,
    version: 1,
    object_key,
    events: ids.length,
    bytes: bytes.length,
    tail_offset,
    tail_length,
    sequence: (await tables.segments.count()) + 1,
    root,
    previous: "",
    chained: root,
    created_at: new Date(0).toISOString(),
    removed: [],
    hours: {},
    counts: countHeads(heads),
    alerts: alertsOf(heads),
  });
}

/** Moves recorded events into segments, those of each list into one. */
export async function moveToSegments(
  segments: readonly (readonly string[])[],
  bucket: R2Bucket = env.BODIES,
): Promise<void> {
  const rows = await tables.events.all();
  const moved = new Set<unknown>(segments.flat());
  for (const ids of segments) {
    const own = new Set<unknown>(ids);
    await storeSegment(
      rows.filter(({ id }) => own.has(id)),
      bucket,
    );
  }
  await tables.events.delete();
  await tables.events.insert(...rows.filter(({ id }) => !moved.has(id)));
}
