import { MANAGERS } from "../../model/managed-by.ts";
import { MAX_VERSIONS, type Transformation, type TransformationVersion } from "../../model/transformation.ts";
import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, integer, oneOfOrNull, text, textOrNull } from "../rows.ts";
import { type PageQuery, findRow, insertRow, selectPage, updateRow, upsertRows } from "../tables.ts";
import { type Statement, changeConfig } from "./revision.ts";

const COLUMNS = [
  "id",
  "name",
  "version",
  "external_id",
  "managed_by",
  "created_at",
  "updated_at",
  "code",
] as const satisfies readonly (keyof Transformation)[];

export function parseTransformation(row: Row): Transformation {
  return {
    id: text(row, "id"),
    name: text(row, "name"),
    version: integer(row, "version"),
    code: text(row, "code"),
    external_id: textOrNull(row, "external_id"),
    managed_by: oneOfOrNull(row, "managed_by", MANAGERS),
    created_at: text(row, "created_at"),
    updated_at: text(row, "updated_at"),
  };
}

function parseVersion(row: Row): TransformationVersion {
  return { version: integer(row, "version"), code: text(row, "code"), created_at: text(row, "created_at") };
}

export async function findTransformation(db: PrimaryDatabase, id: string): Promise<Transformation | null> {
  const row = await findRow(db, "transformations", id);
  return row === null ? null : parseTransformation(row);
}

/** Returns transformations, newest first: one more than the page's limit if there are more. */
export async function listTransformations(
  db: PrimaryDatabase,
  page: PageQuery,
  name?: string,
): Promise<Transformation[]> {
  return (await selectPage(db, "transformations", page, name)).map(parseTransformation);
}

const KEEP_VERSIONS = `
  INSERT INTO transformation_versions (transformation_id, version, created_at, code)
  SELECT id, version, updated_at, code FROM transformations WHERE id IN (SELECT value FROM json_each(?1))
  ON CONFLICT (transformation_id, version) DO NOTHING`;
const PRUNE_VERSIONS = `
  DELETE FROM transformation_versions WHERE transformation_id IN (SELECT value FROM json_each(?1)) AND version <= (
    SELECT version FROM transformations WHERE id = transformation_id) - ?2`;

/** Returns the statements that keep the current code of transformations as a version, and delete the oldest versions. */
function keepVersions(db: PrimaryDatabase, ids: readonly string[]): readonly Statement[] {
  if (ids.length === 0) return [];
  const list = JSON.stringify(ids);
  return [db.prepare(KEEP_VERSIONS).bind(list), db.prepare(PRUNE_VERSIONS).bind(list, MAX_VERSIONS)];
}

/** Returns the statements that insert a transformation with its first version, and record that, for `changeConfig`. */
export function insertTransformation(
  db: PrimaryDatabase,
  transformation: Transformation,
  record: readonly Statement[] = [],
): readonly Statement[] {
  return [
    insertRow(db, "transformations", COLUMNS, transformation),
    ...record,
    ...keepVersions(db, [transformation.id]),
  ];
}

/** Returns the statements that insert transformations or replace those of the same ids, and keep their versions. */
export function upsertTransformations(db: PrimaryDatabase, rows: readonly Transformation[]): readonly Statement[] {
  return [
    ...upsertRows(db, "transformations", COLUMNS, rows),
    ...keepVersions(
      db,
      rows.map(({ id }) => id),
    ),
  ];
}

export type TransformationChanges = {
  readonly [Field in "name" | "external_id" | "code"]?: Transformation[Field] | undefined;
} & Pick<Transformation, "updated_at">;

// Computed from the row in the statement, so that two concurrent changes make two versions.
const REPLACE_CODE = "UPDATE transformations SET version = version + 1, code = ?2 WHERE id = ?1 AND code <> ?2";

/**
 * Changes the given fields, and records that. Another code makes another version. Returns the transformation after the change, or
 * null if there is none with this id.
 */
export async function updateTransformation(
  db: PrimaryDatabase,
  id: string,
  { code, ...changes }: TransformationChanges,
  record: readonly Statement[],
): Promise<Transformation | null> {
  const replacement = code === undefined ? [] : [db.prepare(REPLACE_CODE).bind(id, code)];
  const results = await changeConfig(db, [
    ...replacement,
    updateRow(db, "transformations", COLUMNS, id, changes),
    ...record,
    ...(code === undefined ? [] : keepVersions(db, [id])),
  ]);
  const row = results[replacement.length]?.results[0];
  return row === undefined ? null : parseTransformation(row);
}

/** Returns the versions of a transformation below one, newest first, at most `limit`. */
export async function listVersions(
  db: PrimaryDatabase,
  id: string,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<TransformationVersion[]> {
  const { results } = await db
    .prepare(
      `SELECT version, code, created_at FROM transformation_versions
       WHERE transformation_id = ?1 AND version < ?2 ORDER BY version DESC LIMIT ?3`,
    )
    .bind(id, before ?? Number.MAX_SAFE_INTEGER, limit)
    .all<Row>();
  return results.map(parseVersion);
}

/** Returns a version of a transformation, or null if it is not kept. */
export async function findVersion(
  db: PrimaryDatabase,
  id: string,
  version: number,
): Promise<TransformationVersion | null> {
  const row = await db
    .prepare("SELECT * FROM transformation_versions WHERE transformation_id = ?1 AND version = ?2")
    .bind(id, version)
    .first<Row>();
  return row === null ? null : parseVersion(row);
}

/** What passes a transformation. */
export type TransformationUsers = {
  readonly integration_ids: readonly string[];
  readonly destination_ids: readonly string[];
};

/** Returns the integrations and destinations with a transformation, at most `limit` of each. */
export async function transformationUsers(
  db: PrimaryDatabase,
  id: string,
  limit: number,
): Promise<TransformationUsers> {
  const idsIn = (table: string) =>
    db.prepare(`SELECT id FROM ${table} WHERE transformation_id = ?1 ORDER BY id LIMIT ?2`).bind(id, limit);
  const [integrations, destinations] = await db.batch<Row>([idsIn("integrations"), idsIn("destinations")]);
  return {
    integration_ids: (integrations?.results ?? []).map((row) => text(row, "id")),
    destination_ids: (destinations?.results ?? []).map((row) => text(row, "id")),
  };
}

/** Returns the statements that take transformations from the integrations and destinations with them. */
export function detachTransformations(db: PrimaryDatabase, ids: readonly string[], at: string): readonly Statement[] {
  if (ids.length === 0) return [];
  return ["integrations", "destinations"].map((table) =>
    db
      .prepare(
        `UPDATE ${table} SET transformation_id = NULL, updated_at = ?2
         WHERE transformation_id IN (SELECT value FROM json_each(?1))`,
      )
      .bind(JSON.stringify(ids), at),
  );
}

/** Deletes a transformation with its versions, records that, and takes it from everything that passes it. Returns whether it existed. */
export async function deleteTransformation(
  db: PrimaryDatabase,
  id: string,
  at: string,
  record: readonly Statement[],
): Promise<boolean> {
  const [deleted] = await changeConfig(db, [
    db.prepare("DELETE FROM transformations WHERE id = ? RETURNING id").bind(id),
    ...record,
    db.prepare("DELETE FROM transformation_versions WHERE transformation_id = ?").bind(id),
    db.prepare("DELETE FROM transformation_runs WHERE transformation_id = ?").bind(id),
    ...detachTransformations(db, [id], at),
  ]);
  return deleted?.results.length === 1;
}
