import type { EventStores, ShardDatabase } from "../../platform/shards.ts";
import type { EventContent, StoredRequest } from "../../model/event.ts";
import { timeOf } from "../../model/ids.ts";
import { findEvent } from "./list-events.ts";
import { type Row, text } from "../rows.ts";
import { ANYTHING, columnsAre, search } from "./search.ts";
import { ABOVE_ALL_IDS } from "../tables.ts";

/** The first event of a request, with the request. */
export type Sample = { readonly id: string; readonly received_at: string; readonly content: EventContent };

/** How many events are looked at together, and how often: a request may have become hundreds of them. */
const PAGE_EVENTS = 250;
const MAX_PAGES = 40;
/** How long one request's events may be apart, where the clock moves while they get their ids. */
const NEIGHBOURS_MS = 50;
/** How many events are read with their content, where many bodies are gone. */
const MAX_READ = 100;
/** Samples stop before their bodies come to more than this many characters, but there is always one. */
const MAX_CHARACTERS = 4_000_000;

/** How many events are looked at for one page; what came before so many others is no longer a sample. */
const MAX_LOOKED_AT = 200_000;

// Null where a body is too large for its row: what it says is not known here.
const READ_PAGE = `
  SELECT id, request = LEAD(request) OVER (ORDER BY id DESC) AS is_as_older FROM (
    SELECT id, content->>'request' AS request FROM events WHERE id IN (SELECT value FROM json_each(?1)))
  ORDER BY id DESC`;

function hasOlderPart(row: Row, older: Row): boolean {
  const apart_ms = timeOf(text(row, "id")) - timeOf(text(older, "id"));
  return row["is_as_older"] === null ? apart_ms === 0 : row["is_as_older"] === 1 && apart_ms <= NEIGHBOURS_MS;
}

/** The first events of requests, newest first. */
async function* firstEvents(db: ShardDatabase, integrationId: string): AsyncGenerator<string> {
  const searched = { from: "events", among: ANYTHING, matching: columnsAre({ integration_id: integrationId }) };
  let before = ABOVE_ALL_IDS;
  for (let page = 0; page < MAX_PAGES; page++) {
    // One more is read, to compare the last one with.
    const { ids } = await search(db, searched, before, PAGE_EVENTS + 1, MAX_LOOKED_AT);
    const { results } = await db.prepare(READ_PAGE).bind(JSON.stringify(ids)).all<Row>();
    for (const [index, row] of results.slice(0, PAGE_EVENTS).entries()) {
      before = text(row, "id");
      const older = results[index + 1];
      if (older === undefined || !hasOlderPart(row, older)) yield before;
    }
    if (results.length <= PAGE_EVENTS) return;
  }
}

function isSame(one: StoredRequest, other: StoredRequest): boolean {
  return one.body === other.body && JSON.stringify(one) === JSON.stringify(other);
}

/** The latest requests of an integration, newest first; those whose body is gone are left out. */
export async function readSamples(stores: EventStores, integrationId: string, limit: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  let characters = 0;
  let read = 0;
  for await (const id of firstEvents(stores.shard.db, integrationId)) {
    if (++read > MAX_READ) break;
    const event = await findEvent(stores, id);
    if (event === null || event.content === null) continue;
    const { received_at, content } = event;
    const newer = samples.at(-1);
    const isNeighbour = newer !== undefined && timeOf(newer.id) - timeOf(id) <= NEIGHBOURS_MS;
    // Bodies that are kept apart can only be compared now.
    if (isNeighbour && isSame(newer.content.request, content.request)) {
      samples.splice(-1, 1, { id, received_at, content });
      continue;
    }
    characters += content.request.body.length;
    if (samples.length === limit || (samples.length > 0 && characters > MAX_CHARACTERS)) break;
    samples.push({ id, received_at, content });
  }
  return samples;
}
