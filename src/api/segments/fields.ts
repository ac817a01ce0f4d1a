import * as z from "zod/mini";
import { timeOf } from "../../model/ids.ts";
import type { Segment } from "../../storage/segments/segment-rows.ts";
import type { Shown } from "../endpoint.ts";
import { pageOf } from "../paging.ts";
import { answerSchema, idOf, time } from "../schema.ts";

const hex = z.string().check(z.describe("SHA-256, in hex."));

const shown = {
  id: idOf("seg"),
  from: time,
  to: time,
  events: z.int().check(z.describe("The events that are in it now. Events that changed later are elsewhere.")),
  bytes: z.int().check(z.describe("The size of its object in R2.")),
};

export const segment = answerSchema("Segment", z.strictObject(shown));
export const segmentList = pageOf("SegmentList", segment);

const segmentEntry = z.strictObject({
  id: z.string().check(z.describe("The event.")),
  hash: hex,
  salt: z
    .nullable(z.string())
    .check(z.describe("16 bytes in hex; null if the event was erased, or is in the database again.")),
  row: z
    .nullable(z.string())
    .check(z.describe("The values of its row as JSON. Its hash is SHA-256 of the salt and this text.")),
});

export const segmentContent = answerSchema(
  "SegmentContent",
  z.strictObject({
    segment: z.strictObject({
      ...shown,
      shard: z.int(),
      sequence: z.int().check(z.describe("Counts the segments of the shard.")),
      root: hex.check(z.describe("SHA-256 of the hashes of all of its entries, one after another.")),
      previous: z.string().check(z.describe("The end of the chain before it; empty for the first segment.")),
      chained: hex.check(z.describe("The end of the chain with it: SHA-256 of `previous`, the id and `root`.")),
      columns: z.array(z.string()).check(z.describe("What the values of a row are.")),
      written: z.int().check(z.describe("The number of its entries on all pages.")),
    }),
    data: z.array(segmentEntry).check(z.describe("Some of its entries, oldest first.")),
    damage: z
      .nullable(z.string())
      .check(z.describe("Why its object, or this part of it, cannot be read as it was written; null if it can.")),
    next_cursor: z.nullable(z.string()).check(z.describe("Null on the last page only.")),
  }),
);

/** The time in an event's id, as the API shows times. */
function timeIn(eventId: string): string {
  return new Date(timeOf(eventId)).toISOString();
}

export function viewSegment({ id, from_id, to_id, events, removed, bytes }: Segment): Shown<typeof segment> {
  return { id, from: timeIn(from_id), to: timeIn(to_id), events: events - removed.size, bytes };
}
