import { env } from "cloudflare:workers";
import { contextOf } from "../../src/context.ts";
import { parseCloseGroupMessage } from "../../src/model/delivery.ts";
import type { Action, EventMessage } from "../../src/model/event.ts";
import { createIdMinter } from "../../src/model/ids.ts";
import type { Json, JsonObject } from "../../src/model/json.ts";
import type { Route } from "../../src/model/route.ts";
import { consumeQueued } from "./deliveries.ts";
import {
  type Seen,
  type StoredEvent,
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  storedEvents,
} from "./world.ts";
import { tables } from "./tables.ts";

export const FIRST = "dst_0000000000000000000000000001";
export const SECOND = "dst_0000000000000000000000000002";
export const ROUTE = "rte_00000000000000000000000000aa";
/** The window of a grouping route where nothing else is said, in ms. */
export const WINDOW = 10_000;

/** Two destinations, an outside that takes everything, and the time at which it all begins. */
export async function stageGroups(): Promise<{ readonly seen: Seen[]; readonly world: World; readonly start: number }> {
  const stage = { seen: fakeOutside(), world: createWorld(), start: Date.now() };
  await insertDestination(FIRST);
  await insertDestination(SECOND);
  return stage;
}

/** Has the consumer close what is queued, after the windows of everything so far are over. */
export async function closeAll(world: World): Promise<void> {
  world.pass(600_000);
  await consumeQueued(world);
}

/** The events that groups have become. */
export async function groupEvents(): Promise<StoredEvent[]> {
  return (await storedEvents()).filter((event) => event.type === "event.group");
}

/** A route that groups, put straight into the database. */
export async function insertGroupingRoute(
  id: string,
  destination_ids: readonly string[],
  { group_window_seconds, group_by, group_attributes, match }: Partial<Route> = {},
): Promise<void> {
  await insertRoute(id, destination_ids);
  const changes = {
    group_window_seconds: group_window_seconds ?? WINDOW / 1_000,
    group_by: group_by ?? null,
    group_attributes: group_attributes ?? null,
    match: match ?? null,
  };
  await tables.routes.update({ id }, changes);
  contextOf(env).caches.config.forget();
}

let clock = 0;
let mint = minter();

function minter() {
  return createIdMinter(
    () => clock,
    (length) => crypto.getRandomValues(new Uint8Array(length)),
  );
}

/** An event as it was received at a time (ms since 1970). */
export function eventAt(ms: number, action: Action, key: string): EventMessage {
  // A minter never goes back in time; another one does.
  if (ms < clock) mint = minter();
  clock = ms;
  const { id, at_ms } = mint("evt");
  return { ...eventMessage(action, key), id, received_at: new Date(at_ms).toISOString() };
}

/** An event of a catch hook. */
export function caughtAt(ms: number, payload: Json): EventMessage {
  const event = eventAt(ms, "create", "none");
  const request = { ...event.content.request, body: JSON.stringify(payload) };
  return { ...event, content: { kind: "catch", request, signal: { action: "receive", note: null } } };
}

export type StoredGroup = {
  readonly id: string;
  readonly route_id: string;
  readonly group_key: string;
  readonly opened_at: number;
  readonly closes_at: number;
  readonly closed: number;
  readonly event_id: string | null;
  readonly members: readonly string[];
};

/** Groups on record with their members, in the order in which they were opened. */
export async function storedGroups(): Promise<StoredGroup[]> {
  const groups = await tables.groups.all<Omit<StoredGroup, "members">>();
  const members = await tables.group_members.all<{ group_id: string; event_id: string }>();
  return groups
    .toSorted((one, other) => one.opened_at - other.opened_at)
    .map((group) => {
      const own = members.filter(({ group_id }) => group_id === group.id);
      return { ...group, members: own.map(({ event_id }) => event_id) };
    });
}

/** The groups that messages ask to be closed. */
export function closesIn(sent: readonly unknown[]): string[] {
  return sent.flatMap((body) => parseCloseGroupMessage(body)?.close_group ?? []);
}

/** The `data` of a delivery. */
export function dataIn(body: string): JsonObject {
  const parsed: { readonly data: JsonObject } = JSON.parse(body);
  return parsed.data;
}
