import type { ShardDatabase } from "../../platform/shards.ts";
import type { AliasLink, KeyNode, MergedHistory } from "../../model/alias.ts";
import { SHARED_NAMESPACE } from "../../model/event.ts";
import { MERGED_URGENCIES } from "../pipeline/append.ts";
import { type Row, integer, text, textOrNull } from "../rows.ts";

/** Holds for a history `h` whose key is no alias. */
export const IS_NO_ALIAS = `
  NOT (h.namespace = '${SHARED_NAMESPACE}' AND EXISTS (SELECT 1 FROM alert_aliases a WHERE a.alias = h.key))`;

const READ_NODES = `
  WITH RECURSIVE chain (key) AS (
    SELECT value FROM json_each(?1)
    UNION
    SELECT a.key FROM chain c JOIN alert_aliases a ON a.alias = c.key)
  SELECT c.key, a.key AS target, h.version, length(h.log) AS size FROM chain c
  LEFT JOIN alert_aliases a ON a.alias = c.key
  LEFT JOIN alert_histories h ON h.namespace = '${SHARED_NAMESPACE}' AND h.key = c.key`;

const STILL_ROOTS = `NOT EXISTS (SELECT 1 FROM json_each(?1) r JOIN alert_aliases a ON a.alias = r.value)`;
const CHECK_ROOTS = `SELECT ${STILL_ROOTS} AS ok`;

// If both histories were compacted, the one that left an alert unresolved wins, else the later one.
const MERGE_LOGS = `
  INSERT INTO alert_histories (namespace, key, version, log, urgencies, compacted)
  SELECT h.namespace, u.value->>'key', 1, h.log, h.urgencies, h.compacted FROM json_each(?2) u
  JOIN alert_histories h ON h.namespace = '${SHARED_NAMESPACE}' AND h.key = u.value->>'alias'
  WHERE ${STILL_ROOTS}
  ON CONFLICT (namespace, key) DO UPDATE SET version = version + 1, log = json_patch(log, excluded.log),
    ${MERGED_URGENCIES},
    compacted = CASE
      WHEN compacted IS NULL OR excluded.compacted IS NULL THEN coalesce(compacted, excluded.compacted)
      WHEN (excluded.compacted->>'episode' IS NOT NULL, excluded.compacted->>'through')
        > (compacted->>'episode' IS NOT NULL, compacted->>'through') THEN excluded.compacted
      ELSE compacted END
  WHERE alert_histories.log IS NOT json_patch(alert_histories.log, excluded.log)`;

const INSERT_LINKS = `
  INSERT INTO alert_aliases (alias, key)
  SELECT value->>'alias', value->>'key' FROM json_each(?2) WHERE ${STILL_ROOTS}`;

const DELETE_MERGED = `
  DELETE FROM alert_histories WHERE (namespace, key, version) IN (
    SELECT '${SHARED_NAMESPACE}', value->>'key', value->>'version' FROM json_each(?1))`;

function parseNode(row: Row): KeyNode {
  return {
    key: text(row, "key"),
    target: textOrNull(row, "target"),
    version: row["version"] === null ? null : integer(row, "version"),
    size: row["size"] === null ? null : integer(row, "size"),
  };
}

/** Returns keys, and all keys that they lead to. */
export async function readKeyNodes(db: ShardDatabase, keys: readonly string[]): Promise<KeyNode[]> {
  const { results } = await db.prepare(READ_NODES).bind(JSON.stringify(keys)).all<Row>();
  return results.map(parseNode);
}

/**
 * Inserts aliases and merges their histories into those of their keys, in one transaction that also reads the keys again.
 * Returns null and writes nothing if one of `roots` has become an alias.
 */
export async function linkKeys(
  db: ShardDatabase,
  changes: {
    readonly links: readonly AliasLink[];
    readonly joins: readonly AliasLink[];
    readonly roots: readonly string[];
  },
  keys: readonly string[],
): Promise<KeyNode[] | null> {
  const roots = JSON.stringify(changes.roots);
  const [check, , , nodes] = await db.batch<Row>([
    db.prepare(CHECK_ROOTS).bind(roots),
    db.prepare(MERGE_LOGS).bind(roots, JSON.stringify(changes.joins)),
    db.prepare(INSERT_LINKS).bind(roots, JSON.stringify(changes.links)),
    db.prepare(READ_NODES).bind(JSON.stringify(keys)),
  ]);
  const ok = (check?.results ?? []).some((row) => integer(row, "ok") === 1);
  return ok ? (nodes?.results ?? []).map(parseNode) : null;
}

/** Deletes histories that were merged into others, unless an event has been added to one since. */
export async function deleteMerged(db: ShardDatabase, merged: readonly MergedHistory[]): Promise<void> {
  await db.prepare(DELETE_MERGED).bind(JSON.stringify(merged)).run();
}
