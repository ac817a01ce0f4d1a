import type { EventStores } from "../../../platform/shards.ts";
import { type Row, text } from "../../rows.ts";
import { mayHave } from "../../segments/bloom.ts";
import { readRows, readTail } from "../../segments/reader.ts";
import { readSegments } from "../../segments/segment-rows.ts";
import { LOG_END } from "../cursor.ts";

const SEGMENTS = 400;

/** Events of an alert in segments: those that were looked for, and those that objects hold though they were brought back. */
export type OfAlert = { readonly found: readonly string[]; readonly removed: readonly string[] };

/** Finds an alert's events after one of them for which `isWanted` holds. It reads every segment that may have any. */
export async function findOfAlert(
  { shard, bodies }: EventStores,
  alertId: string,
  after: string,
  isWanted: (row: Row) => boolean,
): Promise<OfAlert> {
  const found: string[] = [];
  const removed: string[] = [];
  for (let before = "~"; ;) {
    const segments = await readSegments(shard.db, { from: after, below: LOG_END.id }, before, SEGMENTS);
    for (const segment of segments) {
      if (!mayHave(segment.alerts, alertId)) continue;
      const { heads } = await readTail(bodies, segment);
      const ids = heads.flatMap(({ id, alert_id }) => (alert_id === alertId && id > after ? id : []));
      removed.push(...ids.filter((id) => segment.removed.has(id)));
      const own = ids.filter((id) => !segment.removed.has(id));
      if (own.length === 0) continue;
      const rows = await readRows(bodies, segment, own);
      found.push(...rows.filter(isWanted).map((row) => text(row, "id")));
    }
    const last = segments.at(-1);
    if (last === undefined || segments.length < SEGMENTS) return { found, removed };
    before = last.id;
  }
}
