import * as z from "zod/mini";
import type { Signal } from "../../model/event.ts";
import type { CatchOptions } from "../../model/integration.ts";
import { Digits } from "../../model/digits.ts";
import { type Json, type JsonObject, isJsonObject, isList, valueAt } from "../../model/json.ts";
import { lazy } from "../../model/lazy.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { type Body, rawBodyOf, readBody } from "./body.ts";
import { documentOpener } from "./embedded.ts";
import { readQuery } from "./form.ts";
import { itemEventIdOf, providerEventIdOf } from "./sender.ts";
import { parseJson } from "../reading/json-text.ts";
import { type SourceEvent, type SourceRequest, defineSource, expectEveryMinutes } from "../source.ts";

type CatchHookOptions = CatchOptions & { readonly expect_every_minutes: number | null };

/** The most events of one request. Each becomes a message, a row and a delivery. */
const MAX_EVENTS = 500;
const MAX_PATH = 200;

const options = lazy(() =>
  z.strictObject({
    child_key: z._default(
      z.nullable(
        z
          .string()
          .check(z.maxLength(MAX_PATH), z.regex(/^[^.]+(\.[^.]+)*$/, "must be a dotted path such as data.items.0")),
      ),
      null,
    ),
    fan_out: z._default(z.boolean(), true),
    raw: z._default(z.boolean(), false),
    expect_every_minutes: expectEveryMinutes(),
  }),
);

/** Merges the fields of query and body; the body wins. A body that is not a map is returned unchanged. */
function merge(query: JsonObject, body: Json): Json {
  return isJsonObject(body) && Object.keys(query).length > 0 ? { ...query, ...body } : body;
}

function unopened(value: Json): Json {
  return value;
}

function fieldsOf(value: Json): JsonObject {
  return isJsonObject(value) ? value : {};
}

function isParsingWanted(request: SourceRequest): boolean {
  return request.headers["x-recurse-parse"]?.trim().toLowerCase() !== "false";
}

function wholeOf(body: Body, query: JsonObject, open: (value: Json) => Json): Json {
  switch (body.kind) {
    case "empty":
      return query;
    case "raw":
      return merge(query, body.fields);
    case "parsed":
      return merge(query, open(body.value));
  }
}

/** Returns the parts that become an event each, and notes on how they were found. */
function partsOf(whole: Json, given: CatchHookOptions): { readonly parts: readonly Json[]; readonly notes: string[] } {
  const notes: string[] = [];
  const child = given.child_key === null ? whole : valueAt(whole, given.child_key);
  if (child === undefined)
    notes.push(`There is nothing at ${given.child_key}, so that the event is the whole payload.`);
  const picked = child === undefined ? whole : child;
  if (!given.fan_out || !isList(picked)) return { parts: [picked], notes };
  if (picked.length <= MAX_EVENTS) return { parts: picked, notes };
  notes.push(
    `The list has ${picked.length} items, and at most ${MAX_EVENTS} can become events, so that the whole list is one event.`,
  );
  return { parts: [picked], notes };
}

/** Returns a payload with fields that templates can name, unless it is a list. */
function payloadOf(part: Json, query: JsonObject): Json {
  const isScalar = typeof part !== "object" || part === null || part instanceof Digits;
  return merge(query, isScalar ? { value: part } : part);
}

function readHook(request: SourceRequest, given: CatchHookOptions): Result<readonly SourceEvent[], string> {
  const sentQuery = readQuery(request.query);
  if (!sentQuery.ok) return sentQuery;
  const read = readBody(request);
  if (!read.ok) return read;
  const body = read.value;
  if (body.kind === "empty" && Object.keys(sentQuery.value).length === 0) return ok([]);

  const opener = documentOpener(request.body.byteLength + request.query.length);
  const open = isParsingWanted(request) ? opener.open : unopened;
  const query = fieldsOf(open(sentQuery.value));
  const whole = wholeOf(body, query, open);
  const { parts, notes } = partsOf(whole, given);
  if (body.kind === "raw" && body.note !== null) notes.push(body.note);
  if (opener.gaveUp()) notes.push("It contains too much JSON and XML in texts. The rest of it was not parsed.");
  const note = notes.length === 0 ? null : notes.join(" ");
  // Without a body, the query is the payload already.
  const added = body.kind === "empty" ? {} : query;
  const provider_event_id = providerEventIdOf(request.headers, whole);
  return ok(
    parts.map((part) => {
      const payload = payloadOf(part, added);
      const payload_is_body = body.kind === "parsed" && body.isJson && payload === body.value;
      const own = parts.length > 1 ? itemEventIdOf(request.headers, part) : null;
      const identity = own === null ? { provider_event_id } : { provider_event_id: own, has_own_id: true as const };
      return { signal: { action: "receive", note }, kind: "hook", payload, payload_is_body, ...identity };
    }),
  );
}

/** Returns the whole request unparsed, for receivers that parse or verify the body themselves. */
function readRaw(request: SourceRequest): Result<readonly SourceEvent[], string> {
  if (request.body.byteLength === 0 && request.query === "") return ok([]);
  const querystring = readQuery(request.query);
  if (!querystring.ok) return querystring;
  const payload = { ...rawBodyOf(request), headers: request.headers, querystring: querystring.value };
  const parsed = parseJson(request.text ?? "");
  const provider_event_id = providerEventIdOf(request.headers, parsed.ok ? parsed.value : null);
  const signal: Signal = { action: "receive", note: null };
  return ok([{ signal, kind: "hook", payload, payload_is_body: false, provider_event_id }]);
}

/** Accepts any request, as Zapier's Catch Hook and, with the option `raw`, its Catch Raw Hook do. */
export const catchHook = defineSource({
  methods: ["POST", "PUT", "GET"],
  options,
  prepare: (given: CatchHookOptions) => (request) => {
    const events = given.raw ? readRaw(request) : readHook(request, given);
    return events.ok ? events : fail([{ path: "", message: events.error }]);
  },
});
