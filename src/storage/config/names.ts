import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, text } from "../rows.ts";

const TABLES = {
  integration: "integrations",
  destination: "destinations",
  route: "routes",
  transformation: "transformations",
} as const;

export type NamedKind = keyof typeof TABLES;

/** Something of the configuration by its name. */
export type NamedThing = { readonly kind: NamedKind; readonly id: string; readonly name: string };

/** The rows of each table that are read, the newest ones. */
const MAX_NAMES = 2_000;

const READ_NAMES = Object.entries(TABLES)
  .map(
    ([kind, table]) =>
      `SELECT * FROM (SELECT '${kind}' AS kind, id, name FROM ${table} ORDER BY id DESC LIMIT ${MAX_NAMES})`,
  )
  .join(" UNION ALL ");

const KINDS: readonly NamedKind[] = ["integration", "destination", "route", "transformation"];

/** Returns the names of the configuration. */
export async function readNames(db: PrimaryDatabase): Promise<readonly NamedThing[]> {
  const { results } = await db.prepare(READ_NAMES).all<Row>();
  return results.flatMap((row) => {
    const kind = KINDS.find((known) => known === row["kind"]);
    return kind === undefined ? [] : [{ kind, id: text(row, "id"), name: text(row, "name") }];
  });
}

/** Returns the names of those of the integrations, destinations or tokens that exist, by id. */
export async function readNamesOf(
  db: PrimaryDatabase,
  table: "integrations" | "destinations" | "tokens",
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { results } = await db
    .prepare(`SELECT id, name FROM ${table} WHERE id IN (SELECT value FROM json_each(?1))`)
    .bind(JSON.stringify(ids))
    .all<Row>();
  return new Map(results.map((row) => [text(row, "id"), text(row, "name")]));
}
