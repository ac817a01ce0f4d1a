import * as z from "zod/mini";
import type { Context } from "../../context.ts";
import { type Needle, contains, needleOf } from "../../model/text-match.ts";
import { listAlerts } from "../../storage/alerts/alerts.ts";
import { type NamedThing, readNames } from "../../storage/config/names.ts";
import { listEvents } from "../../storage/events/log.ts";
import { knownFrom } from "../alerts/known-from.ts";
import { atEachShard, listIn, slotById } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { answerSchema } from "../schema.ts";
import { findById, foundAlert, foundEvent } from "./find-by-id.ts";
import { type Found, found } from "./found.ts";

const MAX_QUERY = 200;
const MAX_FOUND = 20;
/** The events and the alerts that a search shows, and the rows of each that it scans in all shards. */
const MAX_OF_LOG = 5;
const MAX_SCANNED = 2_000;

const searchResult = answerSchema("SearchResult", z.strictObject({ data: z.array(found) }));

/** How well a name fits: 0 if it is the text, 1 if it begins with it, 2 if it contains it. */
function rankOf({ name }: NamedThing, needle: Needle): number {
  const { text } = needleOf(name);
  if (text === needle.text) return 0;
  return text.startsWith(needle.text) ? 1 : 2;
}

async function findNamed({ primary }: Context, needle: Needle): Promise<readonly Found[]> {
  const fitting = (await readNames(primary)).filter(({ name }) => contains(name, needle));
  const sorted = fitting.toSorted((a, b) => rankOf(a, needle) - rankOf(b, needle));
  return sorted.map(({ kind, id, name }) => ({ kind, id, title: name }));
}

async function findAlerts(context: Context, filters: { readonly key: string } | { readonly text: Needle }) {
  const contexts = atEachShard(context);
  const page = { limit: MAX_OF_LOG, before: null, shares: contexts.length };
  const known_from_ms = knownFrom(context);
  const { rows } = await listIn(contexts, page.limit, slotById, ({ shard: { db } }) =>
    listAlerts(db, page, { ...filters, known_from_ms }, Math.ceil(MAX_SCANNED / contexts.length)),
  );
  return rows.map(foundAlert);
}

async function findEvents(context: Context, needle: Needle): Promise<readonly Found[]> {
  const contexts = atEachShard(context);
  const page = { limit: MAX_OF_LOG, before: null, shares: contexts.length };
  const { rows } = await listIn(contexts, page.limit, slotById, (at) =>
    listEvents(at, page, { text: needle }, Math.ceil(MAX_SCANNED / contexts.length)),
  );
  return rows.map(foundEvent);
}

export const search = endpoint({
  id: "search.get",
  method: "GET",
  path: "/search",
  scope: "read",
  summary: "Find an id, a key or a word",
  description:
    "What has this id; else what has a name, a key, a title or a payload with this text, the best first. It searches the newest events and alerts only: their lists search further back.",
  query: {
    q: z.string().check(
      z.maxLength(MAX_QUERY),
      z.refine((text) => text.trim() !== "", "must not be blank"),
    ),
  },
  answers: { 200: returns(searchResult, "At most 20 things.") },
}).handle(async ({ context, query: { q } }) => {
  const text = q.trim();
  const own = await findById(context, text);
  if (own !== null) return { status: 200, body: { data: [own] } };
  const needle = needleOf(text);
  const named = await findNamed(context, needle);
  const ofKey = await findAlerts(context, { key: text });
  const alerts = await findAlerts(context, { text: needle });
  const events = await findEvents(context, needle);
  const fromLog = [...ofKey, ...alerts, ...events];
  const best = [...named.slice(0, MAX_FOUND - fromLog.length), ...fromLog];
  return { status: 200, body: { data: [...new Map(best.map((each) => [each.id, each])).values()] } };
});
