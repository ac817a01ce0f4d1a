import type { EventStores } from "../../platform/shards.ts";
import type { AlertSnapshot } from "../../model/alert.ts";
import { readColdRows } from "./cold/find.ts";
import { AGGREGATE_COLUMNS, type StoredAggregate, parseAggregate } from "./event-row.ts";
import { type Row, fromColumnOrNull, integer, text, textOrNull } from "../rows.ts";

const COUNT_MEMBERS = `
  SELECT COUNT(*) AS occurrences, MIN(event_id) AS first_id, MAX(event_id) AS last_id
  FROM group_members WHERE group_id = ?1`;
const READ_MEMBER_IDS = `SELECT event_id FROM group_members WHERE group_id = ?1 ORDER BY event_id LIMIT ?2`;
const READ_LAST_ALERT = `
  SELECT alert FROM events WHERE id = (SELECT MAX(event_id) FROM group_members WHERE group_id = ?1)`;

/** A group without the content of its events. `event_ids` are the first ones, in order of receipt. */
export type GroupSummary = {
  readonly occurrences: number;
  readonly first_id: string | null;
  readonly last_id: string | null;
  readonly event_ids: readonly string[];
  /** The alert as the newest member left it. */
  readonly alert: AlertSnapshot | null;
};

async function coldRowOf(stores: EventStores, id: string): Promise<Row | undefined> {
  return (await readColdRows(stores, [id])).get(id);
}

/** Returns the summary of a group, with at most `maxIds` event ids. */
export async function summarizeGroup(stores: EventStores, id: string, maxIds: number): Promise<GroupSummary> {
  const { db } = stores.shard;
  const [counts, ids, alerts] = await db.batch<Row>([
    db.prepare(COUNT_MEMBERS).bind(id),
    db.prepare(READ_MEMBER_IDS).bind(id, maxIds),
    db.prepare(READ_LAST_ALERT).bind(id),
  ]);
  const count = counts?.results[0] ?? {};
  const last_id = textOrNull(count, "last_id");
  const last = alerts?.results[0] ?? (last_id === null ? undefined : await coldRowOf(stores, last_id));
  return {
    occurrences: integer(count, "occurrences"),
    first_id: textOrNull(count, "first_id"),
    last_id,
    event_ids: (ids?.results ?? []).map((row) => text(row, "event_id")),
    alert: fromColumnOrNull(last ?? { alert: null }, "alert"),
  };
}

/** A recorded member of a group. `characters` is the length of its content column. */
export type GroupMember = StoredAggregate & { readonly characters: number };

const NEXT_IDS = "SELECT event_id FROM group_members WHERE group_id = ?1 AND event_id > ?2 ORDER BY event_id LIMIT ?3";
const READ_MEMBERS = `SELECT ${AGGREGATE_COLUMNS} FROM events WHERE id IN (${NEXT_IDS})`;

/** Returns the members of a group after an event id ("" for the first page), oldest first, without those that are gone. */
export async function readMembers(
  stores: EventStores,
  id: string,
  after: string,
  limit: number,
): Promise<GroupMember[]> {
  const { db } = stores.shard;
  const [next, read] = await db.batch<Row>([
    db.prepare(NEXT_IDS).bind(id, after, limit),
    db.prepare(READ_MEMBERS).bind(id, after, limit),
  ]);
  const hot = new Map((read?.results ?? []).map((row) => [text(row, "id"), row]));
  const ids = (next?.results ?? []).map((row) => text(row, "event_id"));
  const cold = await readColdRows(
    stores,
    ids.filter((each) => !hot.has(each)),
  );
  return ids.flatMap((each) => {
    const row = hot.get(each) ?? cold.get(each);
    return row === undefined ? [] : [{ ...parseAggregate(row), characters: text(row, "content").length }];
  });
}
