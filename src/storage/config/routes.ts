import type { PrimaryDatabase } from "../../platform/shards.ts";
import { MANAGERS } from "../../model/managed-by.ts";
import type { Route } from "../../model/route.ts";
import { type Statement, changeConfig } from "./revision.ts";
import { type Row, fromColumn, fromColumnOrNull, integer, oneOfOrNull, text, textOrNull } from "../rows.ts";
import { type PageQuery, findRow, insertRow, selectPage, updateRow, upsertRows } from "../tables.ts";

const COLUMNS = [
  "id",
  "name",
  "enabled",
  "integration_ids",
  "event_types",
  "match",
  "destination_ids",
  "group_window_seconds",
  "group_by",
  "group_attributes",
  "external_id",
  "managed_by",
  "created_at",
  "updated_at",
] as const;

export function parseRoute(row: Row): Route {
  return {
    id: text(row, "id"),
    name: text(row, "name"),
    enabled: integer(row, "enabled") === 1,
    integration_ids: fromColumnOrNull(row, "integration_ids"),
    event_types: fromColumnOrNull(row, "event_types"),
    match: fromColumnOrNull(row, "match"),
    destination_ids: fromColumn(row, "destination_ids"),
    group_window_seconds: integer(row, "group_window_seconds"),
    group_by: textOrNull(row, "group_by"),
    group_attributes: fromColumnOrNull(row, "group_attributes"),
    external_id: textOrNull(row, "external_id"),
    managed_by: oneOfOrNull(row, "managed_by", MANAGERS),
    created_at: text(row, "created_at"),
    updated_at: text(row, "updated_at"),
  };
}

export async function findRoute(db: PrimaryDatabase, id: string): Promise<Route | null> {
  const row = await findRow(db, "routes", id);
  return row === null ? null : parseRoute(row);
}

/** Returns routes, newest first: one more than the page's limit if there are more. */
export async function listRoutes(db: PrimaryDatabase, page: PageQuery, name?: string): Promise<Route[]> {
  return (await selectPage(db, "routes", page, name)).map(parseRoute);
}

/** Returns the statement that inserts a route, for `changeConfig`. */
export function insertRoute(db: PrimaryDatabase, route: Route): D1PreparedStatement {
  return insertRow(db, "routes", COLUMNS, route);
}

/** Returns the statements that insert routes or replace those of the same ids, for a transaction. */
export function upsertRoutes(db: PrimaryDatabase, rows: readonly Route[]): readonly D1PreparedStatement[] {
  return upsertRows(db, "routes", COLUMNS, rows);
}

export type RouteChanges = { readonly [Field in keyof Route]?: Route[Field] | undefined };

/** Changes the given fields, and records that. Returns the route after the change, or null if there is none with this id. */
export async function updateRoute(
  db: PrimaryDatabase,
  id: string,
  changes: RouteChanges,
  record: readonly Statement[],
): Promise<Route | null> {
  const [updated] = await changeConfig(db, [updateRow(db, "routes", COLUMNS, id, changes), ...record]);
  const row = updated?.results[0];
  return row === undefined ? null : parseRoute(row);
}

/** Deletes a route, and records that. Returns whether it existed. */
export async function deleteRoute(db: PrimaryDatabase, id: string, record: readonly Statement[]): Promise<boolean> {
  const deletion = db.prepare("DELETE FROM routes WHERE id = ? RETURNING id").bind(id);
  const [deleted] = await changeConfig(db, [deletion, ...record]);
  return deleted?.results.length === 1;
}

export type NamedRoute = Pick<Route, "id" | "name">;

/** Returns routes that name a destination, at most `limit`. */
export async function routesNaming(db: PrimaryDatabase, destinationId: string, limit: number): Promise<NamedRoute[]> {
  const sql = `
    SELECT id, name FROM routes
    WHERE EXISTS (SELECT 1 FROM json_each(destination_ids) WHERE value = ?1) ORDER BY id LIMIT ?2`;
  const { results } = await db.prepare(sql).bind(destinationId, limit).all<Row>();
  return results.map((row) => ({ id: text(row, "id"), name: text(row, "name") }));
}

/**
 * Returns the statement that removes an id from the routes that name it. A list that becomes empty stays a list, because NULL
 * means all of them.
 */
export function removeFromRoutes(
  db: PrimaryDatabase,
  column: "integration_ids" | "destination_ids",
  id: string,
  at: string,
): D1PreparedStatement {
  const sql = `
    UPDATE routes SET updated_at = ?2, ${column} = (
      SELECT json_group_array(named.value ORDER BY named.key) FROM json_each(routes.${column}) named
      WHERE named.value <> ?1)
    WHERE EXISTS (SELECT 1 FROM json_each(routes.${column}) named WHERE named.value = ?1)`;
  return db.prepare(sql).bind(id, at);
}
