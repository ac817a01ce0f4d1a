import type { Json, JsonObject } from "../client/index.ts";
import type { Collected } from "./collect.ts";
import type { Columns } from "./columns.ts";
import { CommandError } from "./failure.ts";
import type { Kind } from "./names.ts";
import { isList } from "./rows.ts";
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

const REFERENCES = [
  ["integration_id", "integration"],
  ["destination_id", "destination"],
  ["route_id", "route"],
  ["transformation_id", "transformation"],
  ["integration_ids", "integration"],
  ["destination_ids", "destination"],
] as const satisfies readonly (readonly [string, Kind])[];

/** A record with the names beside the ids of integrations, destinations and routes. */
export async function withNames({ names }: Session, record: JsonObject): Promise<JsonObject> {
  const shown = new Map(Object.entries(record));
  for (const [name, kind] of REFERENCES) {
    const value = shown.get(name);
    const isReference = typeof value === "string" || (isList(value) && value.length > 0);
    if (!isReference) continue;
    const labels = await names.labels(kind);
    const labelled = (id: Json): Json => {
      if (typeof id !== "string" || labels(id) === id) return id;
      return `${id} (${labels(id)})`;
    };
    shown.set(name, isList(value) ? value.map(labelled) : labelled(value));
  }
  return Object.fromEntries(shown);
}

/** Shows one thing with all of its fields. */
export async function showRecord(session: Session, record: JsonObject): Promise<void> {
  const { out } = session;
  if (out.isJson) out.json(record);
  else out.lines(recordLines(await withNames(session, record), out.nowMs));
}
