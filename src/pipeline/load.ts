import { idsToCompact } from "../alerts/compact.ts";
import type { Context } from "../context.ts";
import { lowestIdAt } from "../model/ids.ts";
import type { ConfigSnapshot } from "../storage/config/config.ts";
import { type EventWithContent, readEvents } from "../storage/events/log.ts";
import { readUnrecorded } from "../storage/pipeline/append.ts";
import { ABOVE_ALL_IDS } from "../storage/tables.ts";
import type { Stage } from "./batch.ts";
import type { DecidedBatch } from "./decide.ts";
import { type FieldSource, findFields } from "./fields.ts";

/** All inputs of the rows are read. */
export type LoadedBatch = Stage<
  "loaded",
  DecidedBatch,
  {
    readonly config: ConfigSnapshot;
    readonly fields: FieldSource;
    /** By id: events on record whose outcome has changed, as many as fit into memory. Another round corrects the others. */
    readonly loaded: ReadonlyMap<string, EventWithContent>;
    /** Ids of older events of long histories that are not on record: another batch has yet to write them. */
    readonly unrecorded: ReadonlySet<string>;
  }
>;

const DAY_MS = 86_400_000;
/** An event that is not on record by then was pruned, or is lost. A message is retried for less than an hour. */
const UNRECORDED_FOR_MS = DAY_MS;

/** Returns the id below which an event that is not on record will not come any more: it was pruned, or is taken as lost. */
function expectedFrom({ settings, clock }: Context, { missing_openers }: DecidedBatch): string {
  if (missing_openers === "ignore") return ABOVE_ALL_IDS;
  return lowestIdAt("evt", Math.max(0, clock() - settings.retention_days * DAY_MS));
}

/** Returns the ids that a compaction of the batch's histories needs to know about. */
function idsInLongHistories({ clock }: Context, { histories }: DecidedBatch): string[] {
  const from = lowestIdAt("evt", Math.max(0, clock() - UNRECORDED_FOR_MS));
  return histories.flatMap((history) => idsToCompact(history).filter((id) => id >= from));
}

/** Step 3: reads the inputs of the rows. Throws if D1 or R2 cannot be read. */
export async function load(context: Context, batch: DecidedBatch): Promise<LoadedBatch> {
  const { caches } = context;
  const { fresh, changed, touched } = batch;
  const loaded = await readEvents(
    context,
    changed.map(({ record }) => record.id),
  );
  // An event on record counts as it stands there: it may have been erased since the message was sent.
  const mended = changed.flatMap((each) => (loaded.get(each.record.id)?.content === null ? [] : (each.mended ?? [])));
  const [config, fields, unrecorded] = await Promise.all([
    caches.config.load(),
    findFields(context, {
      messages: [...fresh.map(({ event }) => event), ...mended].map(({ message }) => message),
      decisions: [...fresh, ...changed].map(({ decision }) => decision),
      touched,
      expected_from: expectedFrom(context, batch),
    }),
    readUnrecorded(context, idsInLongHistories(context, batch)),
  ]);
  return { ...batch, stage: "loaded", config, fields, loaded, unrecorded };
}
