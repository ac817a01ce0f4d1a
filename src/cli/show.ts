import type { JsonObject } from "../client/index.ts";
import type { Collected } from "./collect.ts";
import type { Columns } from "./columns.ts";
import { CommandError } from "./failure.ts";
import type { Session } from "./session.ts";
import { recordLines } from "./terminal/record.ts";

/** Shows rows: as a table, or as the API's own page. */
export async function showRows(
  { out }: Session,
  { data, next_cursor, isInterrupted }: Collected,
  columns: () => Columns | Promise<Columns>,
  none: string,
): Promise<void> {
  if (out.isJson) out.json({ data, next_cursor });
  else if (data.length > 0) out.table(await columns(), data);
  else if (!isInterrupted) out.note(none);
  if (isInterrupted) {
    const rows = `${data.length.toLocaleString("en")} ${data.length === 1 ? "row" : "rows"}`;
    const rest = next_cursor === null ? null : `Read the rest with --cursor ${next_cursor}`;
    throw new CommandError(`Interrupted after ${rows}: the list is not complete.`, rest);
  }
  if (!out.isJson && next_cursor !== null) out.note("There are more: add --limit N or --all.");
}

/** Shows one thing with all of its fields. */
export function showRecord({ out }: Pick<Session, "out">, record: JsonObject): void {
  if (out.isJson) out.json(record);
  else out.lines(recordLines(record, out.nowMs));
}
