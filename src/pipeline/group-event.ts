import type { Budget } from "../model/budget.ts";
import type { EventStores } from "../platform/shards.ts";
import { exactDocumentOf, payloadIn } from "../model/envelope.ts";
import type { EventContent, EventMessage } from "../model/event.ts";
import { groupEventIdOf, timeOf } from "../model/ids.ts";
import type { Json } from "../model/json.ts";
import { type Histogram, Histograms } from "../routing/histogram.ts";
import {
  type GroupMember,
  type GroupSummary,
  readMembers,
  readStoredMessage,
  summarizeGroup,
} from "../storage/events/log.ts";
import type { Group } from "../storage/pipeline/groups.ts";

/** A group lists the ids of its first events, and counts their attributes; `occurrences` counts all events. */
const MAX_LISTED = 10_000;
/** The attributes of this many events in R2 are counted: the calls of a Worker are limited. */
const MAX_STORED = 100;
/** This many characters of content are read for one group. */
const MAX_CHARACTERS = 16_000_000;
const PAGE = 100;
const HEADERS = { "content-type": "application/json" };

function isoOf(eventId: string | null, otherwise: number): string {
  return new Date(eventId === null ? otherwise : timeOf(eventId)).toISOString();
}

/** The budget of closing groups: calls of the platform, and characters that are read. */
export type ClosingBudget = { readonly calls: Budget; readonly characters: Budget };

async function countAttributes(
  stores: EventStores,
  group: Group,
  paths: readonly string[] | null,
  budget: ClosingBudget,
): Promise<Readonly<Record<string, Histogram>>> {
  const histograms = new Histograms(paths);
  let stored = 0;
  let characters = 0;
  const contentOf = async ({ content }: GroupMember): Promise<EventContent | null> => {
    if (!("stored_at" in content)) return content;
    stored += 1;
    if (stored > MAX_STORED) return null;
    return (await readStoredMessage(stores.bodies, content.stored_at))?.content ?? null;
  };
  const add = async (member: GroupMember): Promise<void> => {
    const { type } = member;
    const content = type === null ? null : await contentOf(member);
    if (type === null || content === null) return;
    characters += Math.max(member.characters, content.request.body.length);
    const document = exactDocumentOf({ ...member, type, content });
    if (document.ok) histograms.add(payloadIn(document.value), document.value);
  };
  let after = "";
  for (let read = 0; read < MAX_LISTED; read += PAGE) {
    const members = await readMembers(stores, group.id, after, PAGE);
    budget.calls.charge(1);
    for (const member of members) if (characters < MAX_CHARACTERS) await add(member);
    after = members.at(-1)?.id ?? after;
    if (members.length < PAGE || characters >= MAX_CHARACTERS) break;
  }
  budget.calls.charge(stored);
  budget.characters.charge(characters);
  return histograms.toJson();
}

function dataOf(group: Group, summary: GroupSummary, attributes: Readonly<Record<string, Histogram>>): Json {
  const { integration_id, group_key, closes_at } = group;
  const { occurrences, first_id, last_id, event_ids, alert } = summary;
  return {
    integration_id: integration_id === "" ? null : integration_id,
    group: group_key,
    alert,
    occurrences,
    timestamp: [isoOf(first_id, closes_at), isoOf(last_id, closes_at)],
    event_ids,
    attributes,
  };
}

/** Makes the event of a closed group. A repetition makes the same event: its id is derived, and the members do not change. */
export async function groupEvent(
  stores: EventStores,
  group: Group,
  paths: readonly string[] | null,
  budget: ClosingBudget,
): Promise<EventMessage> {
  const summary = await summarizeGroup(stores, group.id, MAX_LISTED);
  const body = JSON.stringify(dataOf(group, summary, await countAttributes(stores, group, paths, budget)));
  const { id, route_id, integration_id, destination_ids, closes_at } = group;
  return {
    v: 1,
    id: groupEventIdOf(id, closes_at),
    integration_id,
    received_at: new Date(closes_at).toISOString(),
    repeat_key: null,
    content: {
      kind: "group",
      request: { method: "POST", query: "", headers: HEADERS, body, body_encoding: "utf8" },
      signal: {
        action: "announce",
        type: "event.group",
        owed: { route_id, destination_ids },
        group_id: id,
        weight: Math.max(1, summary.occurrences),
        note: null,
      },
    },
  };
}
