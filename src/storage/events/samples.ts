import type { EventStores, ShardDatabase } from "../../platform/shards.ts";
import type { EventContent, StoredRequest } from "../../model/event.ts";
import { timeOf } from "../../model/ids.ts";
import { LOG_END } from "./cursor.ts";
import { searchCold } from "./cold/search.ts";
import { contentIn } from "./content.ts";
import type { ContentColumn } from "./event-row.ts";
import { findEvent } from "./list-events.ts";
import { type Row, fromColumn, text } from "../rows.ts";
import { mayCount } from "../segments/counts.ts";
import { ANYTHING, columnsAre, search } from "../search.ts";

/** The first event of a request, with the request. */
export type Sample = { readonly id: string; readonly received_at: string; readonly content: EventContent };

/** The number of events that are compared at a time, and how often. One request may have become hundreds of events. */
const PAGE_EVENTS = 250;
const MAX_PAGES = 40;
/** The ids of one request's events are at most this far apart, in ms. */
const MAX_NEIGHBOUR_MS = 50;
/** The number of events that are read with content, at most. More than the samples are read if many bodies are gone. */
const MAX_READ_EVENTS = 100;
/** The bodies of the samples have at most this many characters together, but there is at least one sample. */
const MAX_CHARACTERS = 4_000_000;

/** The number of events that all pages scan together. An older request is not found as a sample. */
const MAX_SCANNED_EVENTS = 200_000;

// NULL if a body is in R2, because its request is not known here.
const READ_PAGE = `
  SELECT id, request = LEAD(request) OVER (ORDER BY id DESC) AS is_as_older FROM (
    SELECT id, content->>'request' AS request FROM events WHERE id IN (SELECT value FROM json_each(?1)))
  ORDER BY id DESC`;

function hasOlderPart(row: Row, older: Row): boolean {
  const apart_ms = timeOf(text(row, "id")) - timeOf(text(older, "id"));
  return row["is_as_older"] === null ? apart_ms === 0 : row["is_as_older"] === 1 && apart_ms <= MAX_NEIGHBOUR_MS;
}

/** Yields the ids of the first events of requests, newest first. */
async function* firstEvents(db: ShardDatabase, integrationId: string, maxScanned: number): AsyncGenerator<string> {
  const searched = { from: "events", among: ANYTHING, matching: columnsAre({ integration_id: integrationId }) };
  let before = LOG_END.id;
  let left = maxScanned;
  for (let page = 0; page < MAX_PAGES && left > 0; page++) {
    // One more event is read, to compare the last one with.
    const { ids, scanned } = await search(db, searched, before, PAGE_EVENTS + 1, left);
    left -= scanned;
    const { results } = await db.prepare(READ_PAGE).bind(JSON.stringify(ids)).all<Row>();
    for (const [index, row] of results.slice(0, PAGE_EVENTS).entries()) {
      before = text(row, "id");
      const older = results[index + 1];
      if (older === undefined || !hasOlderPart(row, older)) yield before;
    }
    if (results.length <= PAGE_EVENTS) return;
  }
}

function isSameRequest(one: StoredRequest, other: StoredRequest): boolean {
  return one.body === other.body && JSON.stringify(one) === JSON.stringify(other);
}

/** The pages of segments that are read, and the events of each. */
const MAX_COLD_PAGES = 4;
const COLD_EVENTS = 100;

/** Returns the latest requests of an integration in segments, newest first, from an id on. */
async function readColdSamples(
  stores: EventStores,
  integrationId: string,
  limit: number,
  floor: string,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  let start = LOG_END.id;
  for (let page = 0; page < MAX_COLD_PAGES; page++) {
    const { rows, next } = await searchCold(stores, {
      start,
      floor,
      wanted: COLD_EVENTS,
      max_characters: MAX_CHARACTERS,
      canMatch: ({ counts }) => mayCount(counts.integrations, integrationId),
      matches: (head) => head.integration_id === integrationId,
      compare: null,
      columns: "all",
    });
    for (const row of rows) {
      const content = await contentIn(stores, fromColumn<ContentColumn>(row, "content"));
      if (content !== null) addSample(samples, { id: text(row, "id"), received_at: text(row, "received_at"), content });
      // The last one may have older events of its request.
      if (samples.length > limit) return samples.slice(0, limit);
    }
    if (next === null) break;
    start = next;
  }
  return samples;
}

/** Adds a sample below the others, in place of the last one if both are of one request. */
function addSample(samples: Sample[], sample: Sample): void {
  const newer = samples.at(-1);
  const isNeighbour = newer !== undefined && timeOf(newer.id) - timeOf(sample.id) <= MAX_NEIGHBOUR_MS;
  if (isNeighbour && isSameRequest(newer.content.request, sample.content.request)) samples.splice(-1, 1);
  samples.push(sample);
}

/** Returns an integration's latest requests, newest first, without those whose body is gone. */
export async function readSamples(
  stores: EventStores,
  integrationId: string,
  limit: number,
  maxScanned = MAX_SCANNED_EVENTS,
): Promise<Sample[]> {
  const hot = await readHotSamples(stores, integrationId, limit, maxScanned);
  const floor = hot.length === limit ? (hot.at(-1)?.id ?? "") : "";
  const cold = await readColdSamples(stores, integrationId, limit, floor);
  const all = [...hot, ...cold].toSorted((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit);
  let characters = 0;
  const end = all.findIndex(({ content }) => (characters += content.request.body.length) > MAX_CHARACTERS);
  return end < 0 ? all : all.slice(0, Math.max(1, end));
}

async function readHotSamples(
  stores: EventStores,
  integrationId: string,
  limit: number,
  maxScanned = MAX_SCANNED_EVENTS,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  let characters = 0;
  let read = 0;
  for await (const id of firstEvents(stores.shard.db, integrationId, maxScanned)) {
    if (++read > MAX_READ_EVENTS) break;
    const event = await findEvent(stores, id);
    if (event === null || event.content === null) continue;
    const { received_at, content } = event;
    const newer = samples.at(-1);
    const isNeighbour = newer !== undefined && timeOf(newer.id) - timeOf(id) <= MAX_NEIGHBOUR_MS;
    // Requests whose bodies are in R2 can be compared only after they are read.
    if (isNeighbour && isSameRequest(newer.content.request, content.request)) {
      samples.splice(-1, 1, { id, received_at, content });
      continue;
    }
    characters += content.request.body.length;
    if (samples.length === limit || (samples.length > 0 && characters > MAX_CHARACTERS)) break;
    samples.push({ id, received_at, content });
  }
  return samples;
}
