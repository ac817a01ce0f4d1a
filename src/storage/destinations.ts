import { DESTINATION_TYPES, type Destination, type SealedSecret, type Signing } from "../model/destination.ts";
import { changeConfiguration } from "./revision.ts";
import { type Row, integer, oneOf, text, textOrNull } from "./rows.ts";
import { dropFromRoutes } from "./routes.ts";
import { type PageQuery, findRow, insertRow, knownIds, selectPage, updateRow } from "./tables.ts";

const COLUMNS = [
  "id",
  "name",
  "type",
  "url",
  "method",
  "headers",
  "auth",
  "signing",
  "signing_secrets",
  "payload",
  "timeout_ms",
  "retry_schedule",
  "enabled",
  "disabled_reason",
  "created_at",
  "updated_at",
] as const;

export function parseDestination(row: Row): Destination {
  const headers: Readonly<Record<string, string>> = JSON.parse(text(row, "headers"));
  const auth: Destination["auth"] = JSON.parse(text(row, "auth"));
  const signing: Signing = JSON.parse(text(row, "signing"));
  const signingSecrets: readonly SealedSecret[] = JSON.parse(text(row, "signing_secrets"));
  const payload: Destination["payload"] = JSON.parse(text(row, "payload"));
  const scheduleText = textOrNull(row, "retry_schedule");
  const retrySchedule: readonly number[] | null = scheduleText === null ? null : JSON.parse(scheduleText);
  return {
    id: text(row, "id"),
    name: text(row, "name"),
    type: oneOf(row, "type", DESTINATION_TYPES),
    url: text(row, "url"),
    method: oneOf(row, "method", ["POST"]),
    headers,
    auth,
    signing,
    signing_secrets: signingSecrets,
    payload,
    timeout_ms: integer(row, "timeout_ms"),
    retry_schedule: retrySchedule,
    enabled: integer(row, "enabled") === 1,
    disabled_reason: textOrNull(row, "disabled_reason"),
    created_at: text(row, "created_at"),
    updated_at: text(row, "updated_at"),
  };
}

export async function findDestination(db: D1Database, id: string): Promise<Destination | null> {
  const row = await findRow(db, "destinations", id);
  return row === null ? null : parseDestination(row);
}

/** Newest first, with one more than the page's limit where there are more. */
export async function listDestinations(db: D1Database, page: PageQuery): Promise<Destination[]> {
  return (await selectPage(db, "destinations", page, {})).map(parseDestination);
}

export async function knownDestinationIds(db: D1Database, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return await knownIds(db, "destinations", ids);
}

/** The statement that stores a new destination, for `changeConfiguration`. */
export function insertDestination(db: D1Database, destination: Destination): D1PreparedStatement {
  return insertRow(db, "destinations", COLUMNS, destination);
}

export type DestinationChanges = {
  readonly [Field in keyof Destination]?: Destination[Field] | undefined;
};

/** Changes the given fields; answers the destination as it is then, or null where there is none. */
export async function updateDestination(
  db: D1Database,
  id: string,
  changes: DestinationChanges,
): Promise<Destination | null> {
  const [updated] = await changeConfiguration(db, [updateRow(db, "destinations", COLUMNS, id, changes)]);
  const row = updated?.results[0];
  return row === undefined ? null : parseDestination(row);
}

/** Turns a destination off for a reason that the API shows. One that is off already keeps its first reason. */
export async function disableDestination(db: D1Database, id: string, reason: string): Promise<void> {
  const off = db
    .prepare("UPDATE destinations SET enabled = 0, disabled_reason = ?2, updated_at = ?3 WHERE id = ?1 AND enabled = 1")
    .bind(id, reason, new Date().toISOString());
  await changeConfiguration(db, [off]);
}

/** Deletes a destination and takes it out of the routes that name it; answers whether there was one. */
export async function deleteDestination(db: D1Database, id: string, at: string): Promise<boolean> {
  const [deleted] = await changeConfiguration(db, [
    db.prepare("DELETE FROM destinations WHERE id = ? RETURNING id").bind(id),
    dropFromRoutes(db, "destination_ids", id, at),
  ]);
  return deleted?.results.length === 1;
}
