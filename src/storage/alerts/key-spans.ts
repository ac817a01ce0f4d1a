import { type Action, SHARED_NAMESPACE } from "../../model/event.ts";
import { alertIdOf, lowestIdAt } from "../../model/ids.ts";
import type { ShardDatabase } from "../../platform/shards.ts";
import { type Row, text, textOrNull } from "../rows.ts";
import { ABOVE_ALL_IDS } from "../tables.ts";
import type { Span } from "../search.ts";

// The alerts of a key, by the histories that hold the events that opened them. No index of alerts leads to them.

/** The events that are looked up as openers, at most. A history has some 500. */
const MAX_OPENERS = 4_000;
/** The namespaces that are looked into if no integration is given, at most. */
const MAX_NAMESPACES = 1_000;
const OPENING: readonly Action[] = ["create", "update", "remind"];

/** Each step reads the next namespace by the key of the table. */
const NAMESPACES = `
  namespaces (name) AS (
    SELECT (SELECT MIN(namespace) FROM alert_histories)
    UNION ALL
    SELECT (SELECT MIN(h.namespace) FROM alert_histories h WHERE h.namespace > n.name)
    FROM namespaces n WHERE n.name IS NOT NULL LIMIT ${MAX_NAMESPACES + 1})`;
const OF_INTEGRATION = `namespaces (name) AS (SELECT ?2 UNION SELECT '${SHARED_NAMESPACE}')`;

// A shared key may be an alias of others.
function queryFor(namespaces: string): string {
  return `
  WITH RECURSIVE ${namespaces},
    keys (key) AS (SELECT ?1 UNION SELECT a.key FROM keys k JOIN alert_aliases a ON a.alias = k.key),
    found (namespace, key) AS (
      SELECT name, ?1 FROM namespaces WHERE name <> '${SHARED_NAMESPACE}'
      UNION ALL SELECT '${SHARED_NAMESPACE}', key FROM keys)
  SELECT h.compacted->>'through' AS through, h.compacted->>'$.episode.opened_by' AS compacted_opener, l.key AS event_id,
    l.value AS action, (SELECT COUNT(*) FROM namespaces) > ${MAX_NAMESPACES} AS is_cut
  FROM found f JOIN alert_histories h ON h.namespace = f.namespace AND h.key = f.key
  LEFT JOIN json_each(h.log) l LIMIT ${MAX_OPENERS + 1}`;
}

/**
 * Returns the parts of the alerts that can have a key. `knownFromMs` (ms since 1970): histories hold every alert that was opened
 * since, because retention has deleted none of them. Null if the key has too many.
 */
export async function readKeySpans(
  db: ShardDatabase,
  key: string,
  integrationId: string | undefined,
  knownFromMs: number,
  floor: string,
): Promise<readonly Span[] | null> {
  const statement =
    integrationId === undefined
      ? db.prepare(queryFor(NAMESPACES)).bind(key)
      : db.prepare(queryFor(OF_INTEGRATION)).bind(key, integrationId);
  const { results } = await statement.all<Row>();
  if (results.length > MAX_OPENERS || results.some((row) => row["is_cut"] === 1)) return null;
  const openers = new Set<string>();
  let known = lowestIdAt("evt", Math.max(0, knownFromMs));
  for (const row of results) {
    const through = textOrNull(row, "through");
    // Alerts before the compacted part of a history are not in it any more.
    if (through !== null && through >= known) known = `${through}~`;
    const compacted = textOrNull(row, "compacted_opener");
    if (compacted !== null) openers.add(compacted);
    if (row["event_id"] === null) continue;
    if (OPENING.some((action) => action === row["action"])) openers.add(text(row, "event_id"));
  }
  const from = alertIdOf(known);
  const ids = [...openers].map(alertIdOf).filter((id) => id >= from);
  return [
    { from, below: ABOVE_ALL_IDS, ids },
    { from: floor, below: from, ids: null },
  ];
}
