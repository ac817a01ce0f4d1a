import type { PrimaryDatabase } from "../../platform/shards.ts";
import type { RejectionCount, RejectionExample, RejectionMinute } from "../../model/rejection.ts";
import { insertAnnouncement } from "../destinations/announcements.ts";
import type { OutboxRow } from "../pipeline/outbox.ts";
import { type Row, fromColumn, integer, text } from "../rows.ts";

// Refused requests. A row has all that was refused of one integration in one minute, whatever the isolates that counted it.

const MINUTE_MS = 60_000;

type StoredCounts = Readonly<
  Record<string, { readonly count: number; readonly at: number; readonly example: RejectionExample }>
>;

function nameOf({ status, code }: RejectionCount): string {
  return `${status} ${code}`;
}

function storedCounts(counts: readonly RejectionCount[]): StoredCounts {
  return Object.fromEntries(
    counts.map((each) => [nameOf(each), { count: each.count, at: each.at, example: each.example }]),
  );
}

/** Returns the counts of a row, the latest first. */
function parseCounts(row: Row): RejectionCount[] {
  return Object.entries(fromColumn<StoredCounts>(row, "counts"))
    .map(([name, counted]) => {
      const [status = "", code = ""] = name.split(" ");
      return { status: Number(status), code, ...counted };
    })
    .toSorted((a, b) => (slotOfRejection(a) < slotOfRejection(b) ? 1 : -1));
}

// The bare column is that of the row with the highest `at`.
const MERGED = `(
  SELECT json_group_object(name, json(merged)) FROM (
    SELECT name, json_object('count', SUM(count), 'at', MAX(at), 'example', json(example)) AS merged FROM (
      SELECT key AS name, value->>'count' AS count, value->>'at' AS at, value->'example' AS example FROM json_each(rejections.counts)
      UNION ALL
      SELECT key, value->>'count', value->>'at', value->'example' FROM json_each(excluded.counts))
    GROUP BY name))`;

const ADD = `
  INSERT INTO rejections (integration_id, minute, counts)
  SELECT ?1, u.value->>'minute', u.value->>'counts' FROM json_each(?2) u
  WHERE EXISTS (SELECT 1 FROM integrations WHERE id = ?1)
  ON CONFLICT (integration_id, minute) DO UPDATE SET counts = ${MERGED}`;

/** Reasons that integration.rejecting does not report: the sender is not at fault. */
const UNREPORTED: readonly string[] = ["disabled_integration", "own_delivery"];

/** Returns whether integration.rejecting reports requests that were refused for this reason. */
export function isReported({ code }: RejectionCount): boolean {
  return !UNREPORTED.includes(code);
}

/** An integration starts to refuse requests if it has refused none for this long, in minutes. */
const QUIET_MINUTES = 60;

const IS_START = `EXISTS (SELECT 1 FROM integrations WHERE id = ?1) AND NOT EXISTS (
  SELECT 1 FROM rejections r, json_each(r.counts) c WHERE r.integration_id = ?1 AND r.minute >= ?2
    AND substr(c.key, 5) NOT IN (${UNREPORTED.map((code) => `'${code}'`).join(", ")}))`;

/**
 * Adds counts of one isolate to those of the others, and inserts the event, unless that is null, if the integration starts to
 * refuse requests with them. Writes nothing if the integration was deleted. Returns whether it inserted the event.
 */
export async function addRejections(
  db: PrimaryDatabase,
  integrationId: string,
  minutes: readonly RejectionMinute[],
  announcement: OutboxRow | null,
): Promise<boolean> {
  const rows = minutes.map(({ minute, counts }) => ({ minute, counts: storedCounts(counts) }));
  const first = Math.min(...minutes.map(({ minute }) => minute));
  const announced =
    announcement === null ? [] : [insertAnnouncement(db, announcement, IS_START, integrationId, first - QUIET_MINUTES)];
  const results = await db.batch<Row>([...announced, db.prepare(ADD).bind(integrationId, JSON.stringify(rows))]);
  return announcement !== null && results[0]?.results.length === 1;
}

const SLOT = /^(\d{15})\.(.*)$/;

/** Returns the slot of a count in the list of an integration: lists are in descending order of it. */
export function slotOfRejection(count: RejectionCount): string {
  return `${String(count.at).padStart(15, "0")}.${nameOf(count)}`;
}

const LIST = `
  SELECT minute, counts FROM rejections WHERE integration_id = ?1 AND minute <= ?2 ORDER BY minute DESC LIMIT ?3`;

/** Returns the counts of an integration below a slot (null for the first page), newest first: one more than `limit` if there are more. */
export async function listRejections(
  db: PrimaryDatabase,
  integrationId: string,
  before: string | null,
  limit: number,
): Promise<readonly RejectionCount[]> {
  const at = before === null ? undefined : SLOT.exec(before)?.[1];
  const lastMinute = at === undefined ? Number.MAX_SAFE_INTEGER : Math.floor(Number(at) / MINUTE_MS);
  // Each row has at least one count, but those of the first row may all be above the slot.
  const { results } = await db
    .prepare(LIST)
    .bind(integrationId, lastMinute, limit + 2)
    .all<Row>();
  const counts = results.flatMap(parseCounts);
  const below = before === null ? counts : counts.filter((each) => slotOfRejection(each) < before);
  return below.slice(0, limit + 1);
}

const LATEST = `
  SELECT r.integration_id, r.counts FROM json_each(?1) i JOIN rejections r ON r.integration_id = i.value
    AND r.minute = (SELECT MAX(minute) FROM rejections WHERE integration_id = i.value)`;

/** Returns the latest count of each of these integrations that has any. */
export async function latestRejections(
  db: PrimaryDatabase,
  integrationIds: readonly string[],
): Promise<ReadonlyMap<string, RejectionCount>> {
  const { results } = await db.prepare(LATEST).bind(JSON.stringify(integrationIds)).all<Row>();
  return new Map(
    results.flatMap((row) => {
      const [latest] = parseCounts(row);
      return latest === undefined ? [] : [[text(row, "integration_id"), latest] as const];
    }),
  );
}

const MAX_SCANNED_ROWS = 5_000;

const SCANNED = `
  SELECT integration_id, minute FROM rejections WHERE (integration_id, minute) > (?1, ?2)
  ORDER BY integration_id, minute LIMIT ${MAX_SCANNED_ROWS}`;
const LAST_SCANNED = `${SCANNED.replace(`LIMIT ${MAX_SCANNED_ROWS}`, "LIMIT 1")} OFFSET ${MAX_SCANNED_ROWS - 1}`;
const PRUNE = `
  DELETE FROM rejections WHERE (integration_id, minute) IN (${SCANNED})
    AND (minute < ?3 OR NOT EXISTS (SELECT 1 FROM integrations i WHERE i.id = integration_id))`;

/** What a scan did. `cursor` is the key of the last row that it read, or empty at the end of the table. */
export type PrunedRejections = { readonly cursor: readonly string[]; readonly deleted: number };

/** Scans the next rows, and deletes those from before `beforeMs` (ms since 1970) or of deleted integrations. */
export async function pruneRejections(
  db: PrimaryDatabase,
  beforeMs: number,
  cursor: readonly string[],
): Promise<PrunedRejections> {
  const after = [cursor[0] ?? "", Number(cursor[1] ?? -1)] as const;
  const [last, deleted] = await db.batch<Row>([
    db.prepare(LAST_SCANNED).bind(...after),
    db.prepare(PRUNE).bind(...after, Math.floor(beforeMs / MINUTE_MS)),
  ]);
  const [end] = last?.results ?? [];
  return {
    cursor: end === undefined ? [] : [text(end, "integration_id"), String(integer(end, "minute"))],
    deleted: deleted?.meta.changes ?? 0,
  };
}
