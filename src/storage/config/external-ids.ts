import type { PrimaryDatabase } from "../../platform/shards.ts";
import { idsByName } from "../tables.ts";

/** The tables whose rows have an `external_id`, by the prefix of their ids. */
export const NAMED_TABLES = {
  int: "integrations",
  dst: "destinations",
  rte: "routes",
  trf: "transformations",
} as const;
export type NamedPrefix = keyof typeof NAMED_TABLES;

/** Returns the ids of things that are named by an id or an `external_id`, by these names. */
export async function resolveNames(
  db: PrimaryDatabase,
  prefix: NamedPrefix,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  return names.length === 0 ? new Map() : await idsByName(db, NAMED_TABLES[prefix], names);
}

const TAKEN = /UNIQUE constraint failed: (?:integrations|destinations|routes|transformations)\.external_id/;

/** Returns whether a transaction failed because another row has the `external_id` that it would have written. */
export function isExternalIdTaken(error: unknown): boolean {
  return error instanceof Error && TAKEN.test(error.message);
}
