import type { ShardDatabase } from "../../platform/shards.ts";
import { groupIdOf } from "../../model/ids.ts";
import type { EventRecord } from "../../model/event.ts";
import type { Membership } from "../../model/route.ts";
import { type Row, fromColumn, integer, text, textOrNull } from "../rows.ts";

/** An event that joins groups. `version` is the one that a correction was computed from, or null for a new event. */
export type Joining = {
  readonly event_id: string;
  readonly integration_id: string;
  readonly received_at: string;
  readonly version: number | null;
  readonly memberships: readonly Membership[];
};

type Member = {
  readonly id: string;
  readonly at: number;
  readonly version: number | null;
  /** The id of the group that this event opens, if it opens one. */
  readonly opens: string;
};

/** The events of a batch with one route, integration and group key, in order of receipt. They may span several windows. */
export type Chain = Membership & {
  readonly integration_id: string;
  readonly members: readonly Member[];
};

/** Returns the events by route, integration and group key. */
export function chainsOf(joinings: readonly Joining[]): Chain[] {
  const chains = new Map<string, Chain & { readonly members: Member[] }>();
  for (const { event_id, integration_id, received_at, version, memberships } of joinings) {
    for (const membership of memberships) {
      const name = JSON.stringify([membership.route_id, integration_id, membership.group_key]);
      const chain = chains.get(name) ?? { ...membership, integration_id, members: [] };
      chains.set(name, chain);
      const opens = groupIdOf(membership.route_id, event_id);
      chain.members.push({ id: event_id, at: Date.parse(received_at), version, opens });
    }
  }
  for (const { members } of chains.values()) members.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  return [...chains.values()];
}

/** Returns the SQL condition for a group `g` that takes events of a chain or membership `c`. `integrationId` is an SQL expression. */
function takes(integrationId: string): string {
  return `g.event_id IS NULL AND g.closed = 0 AND g.route_id = c.value->>'route_id'
    AND g.group_key = c.value->>'group_key' AND g.integration_id = ${integrationId}`;
}

/** Holds for a member `m` that has joined no group: it is not recorded yet, or only the correction made it deliverable. */
const IS_FREE = `
  CASE WHEN m.value->>'version' IS NULL THEN NOT EXISTS (SELECT 1 FROM events e WHERE e.id = m.value->>'id')
  ELSE EXISTS (
    SELECT 1 FROM events e
    WHERE e.id = m.value->>'id' AND e.version = m.value->>'version' AND e.grouped = 0) END`;

/** Returns SQL for the minimum of an SQL expression over the members of a chain `o` that no group covers yet. */
function nextOf(expression: string): string {
  return `(
      SELECT MIN(${expression}) FROM json_each(o.value, '$.members') m WHERE m.value->>'at' >= o.covered AND ${IS_FREE})`;
}

/**
 * Opens groups for a JSON list of chains; runs before their events are inserted. The first member that no group covers opens a
 * group, which covers one window. So a batch that spans several windows opens several groups.
 */
export const OPEN_GROUPS = `
  WITH RECURSIVE openers (value, opener, covered) AS (
    SELECT c.value, NULL, COALESCE((SELECT MAX(g.closes_at) FROM groups g WHERE ${takes("c.value->>'integration_id'")}), 0)
    FROM json_each(?1) c
    UNION ALL
    SELECT o.value, ${nextOf("m.key")}, ${nextOf("m.value->>'at'")} + (o.value->>'window_ms')
    FROM openers o WHERE o.covered IS NOT NULL)
  INSERT INTO groups (id, route_id, integration_id, group_key, destination_ids, opened_at, closes_at, closed)
  SELECT value->'members'->opener->>'opens', value->>'route_id', value->>'integration_id', value->>'group_key',
    value->>'destination_ids', value->'members'->opener->>'at', covered, 0
  FROM openers WHERE opener IS NOT NULL
  RETURNING id, closes_at`;

/** Returns the SQL query for the group that takes an event received at `at`. Both arguments are SQL expressions. */
function groupAt(integrationId: string, at: string): string {
  return `SELECT g.id FROM groups g WHERE ${takes(integrationId)} AND g.closes_at > ${at}
    ORDER BY g.closes_at, g.id LIMIT 1`;
}

/** Adds the events of chains to their groups, after `OPEN_GROUPS`. Fails if an event finds no group. */
export const JOIN_GROUPS = `
  INSERT INTO group_members (group_id, event_id)
  SELECT (${groupAt("c.value->>'integration_id'", "m.value->>'at'")}), m.value->>'id'
  FROM json_each(?1) c, json_each(c.value, '$.members') m WHERE ${IS_FREE}
  ON CONFLICT DO NOTHING`;

/** SQL for the number of destinations that receive an event `u` of a commit within the groups that it has joined. */
export const COUNT_GROUPED = `(
  SELECT COALESCE(SUM(json_array_length(j.destination_ids)), 0)
  FROM json_each(u.value, '$.memberships') c JOIN groups j ON j.id = (
    ${groupAt("u.value->>'integration_id'", "u.value->>'at'")}))`;

/** A group whose event is not recorded yet. `closes_at` is in ms since 1970. */
export type OpenGroup = { readonly id: string; readonly closes_at: number };

export function parseOpenGroup(row: Row): OpenGroup {
  return { id: text(row, "id"), closes_at: integer(row, "closes_at") };
}

const READ_OPEN = `
  SELECT id, closes_at FROM groups INDEXED BY groups_open
  WHERE event_id IS NULL AND closes_at <= ?1 ORDER BY closes_at, id LIMIT ?2`;

/** Returns groups without an event whose window ended by `closedBy` (ms since 1970), the longest overdue first. */
export async function readOpenGroups(db: ShardDatabase, closedBy: number, limit: number): Promise<OpenGroup[]> {
  const { results } = await db.prepare(READ_OPEN).bind(closedBy, limit).all<Row>();
  return results.map(parseOpenGroup);
}

export type Group = OpenGroup & {
  readonly route_id: string;
  readonly integration_id: string;
  readonly group_key: string;
  readonly destination_ids: readonly string[];
  /** Whether it takes no more events. */
  readonly closed: boolean;
};

function parseGroup(row: Row): Group {
  return {
    ...parseOpenGroup(row),
    route_id: text(row, "route_id"),
    integration_id: text(row, "integration_id"),
    group_key: text(row, "group_key"),
    destination_ids: fromColumn(row, "destination_ids"),
    closed: integer(row, "closed") === 1,
  };
}

const CLOSE = `
  UPDATE groups SET closed = 1
  WHERE id IN (SELECT value FROM json_each(?1)) AND closed = 0 AND event_id IS NULL AND closes_at <= ?2`;
const READ_UNDELIVERED = `
  SELECT id, route_id, integration_id, group_key, destination_ids, closes_at, closed FROM groups
  WHERE id IN (SELECT value FROM json_each(?1)) AND event_id IS NULL ORDER BY id`;

/** Closes those of the groups whose window ended by `nowMs`. Returns all of them that have no event yet, closed or not. */
export async function sealGroups(db: ShardDatabase, ids: readonly string[], nowMs: number): Promise<Group[]> {
  const list = JSON.stringify(ids);
  const [, read] = await db.batch<Row>([db.prepare(CLOSE).bind(list, nowMs), db.prepare(READ_UNDELIVERED).bind(list)]);
  return (read?.results ?? []).map(parseGroup);
}

/** Finishes groups in the transaction that writes their events. Takes a JSON list of {id, event_id}. */
export const FINISH_GROUPS = `
  UPDATE groups SET event_id = u.value->>'event_id' FROM json_each(?1) u
  WHERE groups.id = u.value->>'id' AND groups.event_id IS NULL`;

/** A group as the API shows it in an event of the group. */
export type ShownGroup = {
  readonly route_id: string;
  readonly group: string;
  readonly closes_at: string;
  readonly event_id: string | null;
};

// Members are keyed by their group, so only groups of the integration that were open after the event are looked into.
const READ_GROUPS_OF = `
  SELECT g.route_id, g.group_key, g.closes_at, g.event_id FROM groups g
  WHERE g.integration_id = ?2 AND g.closes_at > ?3
    AND EXISTS (SELECT 1 FROM group_members m WHERE m.group_id = g.id AND m.event_id = ?1)
  ORDER BY g.id`;

/** Returns the groups that an event has joined. */
export async function readGroupsOf(
  db: ShardDatabase,
  { id, integration_id, received_at }: Pick<EventRecord, "id" | "integration_id" | "received_at">,
): Promise<ShownGroup[]> {
  const { results } = await db.prepare(READ_GROUPS_OF).bind(id, integration_id, Date.parse(received_at)).all<Row>();
  return results.map((row) => ({
    route_id: text(row, "route_id"),
    group: text(row, "group_key"),
    closes_at: new Date(integer(row, "closes_at")).toISOString(),
    event_id: textOrNull(row, "event_id"),
  }));
}
