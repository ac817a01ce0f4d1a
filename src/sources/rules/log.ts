import { type Json, type JsonObject, isJsonObject, isList, valueAt } from "../../model/json.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { type Body, readBody } from "../catch/body.ts";
import { readQuery } from "../catch/form.ts";
import { readJsonText } from "../reading/embedded-texts.ts";
import type { CompiledRules } from "./compile.ts";
import { preprocess } from "./preprocess.ts";
import type { SourceRequest } from "../source.ts";

/** A request as rules see it. `isBody`: the data is the JSON of the body. */
export type Reading = {
  readonly data: Json;
  readonly isBody: boolean;
  readonly params: JsonObject;
  /** Why the body could not be read although it declares itself as text; null if it could. */
  readonly note: string | null;
};

type Item = { readonly data: Json; readonly log: JsonObject };

function textIn({ raw_body, raw_body_encoding }: JsonObject): string {
  return typeof raw_body === "string" && raw_body_encoding === undefined ? raw_body : "";
}

function dataOf(body: Body): Json {
  switch (body.kind) {
    case "empty":
      return {};
    case "parsed":
      return body.value;
    case "raw":
      // SNS sends its JSON as text/plain.
      return readJsonText(textIn(body.fields)) ?? {};
  }
}

/** Reads a request for rules. The body wins over the query. */
export function readRequest(
  request: SourceRequest,
  steps: CompiledRules["preprocess"],
): Result<Reading, readonly FieldError[]> {
  const params = readQuery(request.query);
  const body = readBody(request);
  if (!params.ok) return fail([{ path: "", message: params.error }]);
  if (!body.ok) return fail([{ path: "", message: body.error }]);
  const isQueryEmpty = Object.keys(params.value).length === 0;
  if (body.value.kind === "empty" && isQueryEmpty) {
    const message = "The request has neither a body nor a query: there is nothing to act on.";
    return fail([{ path: "", message }]);
  }
  const inBody = dataOf(body.value);
  const merged = isJsonObject(inBody) && !isQueryEmpty ? { ...params.value, ...inBody } : inBody;
  const data = preprocess(merged, steps);
  const isBody = body.value.kind === "parsed" && body.value.isJson && data === body.value.value;
  const note = body.value.kind === "raw" ? body.value.note : null;
  return ok({ data, isBody, params: params.value, note });
}

/** Returns the items that rules are applied to, and a note on how they were found. */
export function itemsOf(
  request: SourceRequest,
  { data, params }: Reading,
  each: string | null,
): { readonly items: readonly Item[]; readonly note: string | null } {
  const common = { headers: request.headers, params, method: request.method, body: request.text ?? "" };
  const whole: Item = { data, log: { ...common, data } };
  // Some senders batch their events in a list that is the whole body, such as Auth0.
  const isBatch = isList(data) && data.length > 0 && data.every(isJsonObject);
  if (each === null && !isBatch) return { items: [whole], note: null };
  const found = each === null ? data : valueAt(data, each);
  if (found === undefined || found === null) {
    return { items: [whole], note: `There is nothing at ${each}, so that the rules were applied to the whole body.` };
  }
  const parts: readonly Json[] = Array.isArray(found) ? found : [found];
  const items = parts.map((part) => ({ data: part, log: { ...common, data: part, parent: data } }));
  return { items, note: items.length === 0 ? `The list at ${each} is empty.` : null };
}
