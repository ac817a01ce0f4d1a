import { parseExact, parseNumbersAsTexts } from "../../model/exact-json.ts";
import { type Json, type JsonObject, isJsonObject } from "../../model/json.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { UNDECODABLE_BODY } from "./charset.ts";
import { type Entry, entriesOfForm, entriesOfQuery } from "./form.ts";
import { parseJson } from "./json-text.ts";
import { readMultipart } from "./multipart.ts";
import type { SourceRequest } from "../source.ts";
import { isMeantAsJson, urlencodedOf } from "./urlencoded.ts";

const MULTIPART_TYPE = /^\s*multipart\/form-data\s*(;|$)/i;
const FORM_TYPE = /^\s*application\/x-www-form-urlencoded\s*(;|$)/i;

/** A top-level field. `digits` returns its value with each number as the text that the sender wrote. */
export type Field = {
  readonly name: string;
  readonly value: Json;
  readonly digits: () => Json;
  /** Returns its value with all digits of numbers that a double cannot hold. */
  readonly exact: () => Json;
};

/** The top-level fields of a request, from its query and its body. */
export type Fields = {
  readonly all: readonly Field[];
  /** Returns a field by its name in any case. If several names differ only in case, the last one counts. */
  find(name: string): Field | undefined;
  /** Returns the payload with all digits of numbers that a double cannot hold. */
  readonly exact: () => JsonObject;
  /** The payload to store. It has all digits where the body is not stored in its place. */
  readonly payload: JsonObject;
  readonly payload_is_body: boolean;
};

type Body = { readonly entries: readonly Entry[]; readonly map?: JsonObject; readonly json: string | null };

function holdsNumber(value: Json): boolean {
  if (typeof value !== "object" || value === null) return typeof value === "number";
  return Object.values(value).some(holdsNumber);
}

function isForm(request: SourceRequest, text: string): boolean {
  return FORM_TYPE.test(request.headers["content-type"] ?? "") && !isMeantAsJson(text);
}

function kindOf(value: Json): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

function readBody(request: SourceRequest): Result<Body, string> {
  const text = request.text?.replace(/^\uFEFF/, "") ?? null;
  if (text?.trim() === "") return ok({ entries: [], json: null });
  const contentType = request.headers["content-type"] ?? "";
  if (MULTIPART_TYPE.test(contentType) && text?.trimStart().startsWith("{") !== true) {
    const fields = readMultipart(request.body, contentType);
    return fields.ok ? ok({ entries: Object.entries(fields.value), json: null }) : fields;
  }
  if (isForm(request, text ?? "")) {
    const entries = entriesOfForm(urlencodedOf(request));
    return entries.ok ? ok({ entries: entries.value, json: null }) : entries;
  }
  if (text === null) return fail(UNDECODABLE_BODY);
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  if (!isJsonObject(parsed.value)) return fail(`The body must be a JSON map of fields; it is ${kindOf(parsed.value)}.`);
  return ok({ entries: Object.entries(parsed.value), map: parsed.value, json: text });
}

function mapOf(value: Json, otherwise: readonly Entry[]): JsonObject {
  return isJsonObject(value) ? value : Object.fromEntries(otherwise);
}

function tableOf(fromQuery: readonly Entry[], body: Body, bodyText: string): Fields {
  // A body may have very many names. Processing all of them costs more than parsing the body.
  const inBody = new Set(fromQuery.length === 0 ? [] : body.entries.map(([name]) => name.toLowerCase()));
  const added = fromQuery.filter(([name]) => !inBody.has(name.toLowerCase()));
  let texts: Json | undefined;
  const digitsIn = (text: string, name: string): Json => {
    texts ??= parseNumbersAsTexts(text);
    return isJsonObject(texts) ? (texts[name] ?? null) : null;
  };
  const { json } = body;
  let precise: JsonObject | undefined;
  const exactBody = (): JsonObject => (precise ??= mapOf(json === null ? null : parseExact(json), body.entries));
  const exact = (): JsonObject => (added.length === 0 ? exactBody() : { ...Object.fromEntries(added), ...exactBody() });
  const isBody = added.length === 0 && json !== null && json === bodyText;
  const all: Field[] = [
    ...added.map(([name, value]) => ({ name, value, digits: () => value, exact: () => value })),
    ...body.entries.map(([name, value]) => ({
      name,
      value,
      digits: () => (json !== null && holdsNumber(value) ? digitsIn(json, name) : value),
      exact: () => (json !== null && holdsNumber(value) ? (exactBody()[name] ?? null) : value),
    })),
  ];
  const byName = new Map(all.map((field) => [field.name.toLowerCase(), field]));
  return {
    all,
    find: (name) => byName.get(name.toLowerCase()),
    exact,
    payload: isBody && body.map !== undefined ? body.map : exact(),
    payload_is_body: isBody,
  };
}

/** Reads the fields of a request. The body wins over the query. */
export function readFields(request: SourceRequest): Result<Fields, readonly FieldError[]> {
  const body = readBody(request);
  if (!body.ok) return fail([{ path: "", message: body.error }]);
  const query = entriesOfQuery(request.query);
  if (!query.ok) return fail([{ path: "", message: query.error }]);
  const fields = tableOf(query.value, body.value, request.text ?? "");
  if (fields.all.length === 0 && body.value.json === null) {
    return fail([
      {
        path: "",
        message: "The request has neither a body nor a query: there is nothing to act on.",
      },
    ]);
  }
  return ok(fields);
}
