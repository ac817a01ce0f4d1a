import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, integer } from "../rows.ts";

/**
 * Returns the time from which on events move to segments, in ms since 1970. The release before cannot read segments. It runs beside this
 * one during an upgrade, and may be put back.
 */
export async function readSegmentsFrom(db: PrimaryDatabase): Promise<number> {
  const row = await db.prepare("SELECT * FROM config_revision WHERE id = 1").first<Row>();
  return row?.["segments_from"] === undefined ? Number.POSITIVE_INFINITY : integer(row, "segments_from");
}
