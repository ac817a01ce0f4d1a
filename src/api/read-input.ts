import type * as z from "zod/mini";
import { parseExact } from "../model/exact-json.ts";
import { isJsonObject } from "../model/json.ts";
import { measureJson } from "../model/json-size.ts";
import { type Result, fail, ok } from "../model/result.ts";
import type { Problem } from "../net/problem.ts";
import { readBody } from "../net/read-body.ts";
import type { BodyDeclaration, Endpoint, JsonBody } from "./endpoint.ts";
import { check } from "./field-errors.ts";
import { refuseBody, refuseQuery } from "./problems.ts";

const MAX_BYTES = 1_000_000;
/** A value that fails its schema takes hundreds of bytes as an error. */
const LIMITS = { max_depth: 100, max_values: 100_000 } as const;

/** A body as it arrived: text, for JSON and for bodies that are not looked at, or bytes. */
export type ReceivedBody = { readonly text: string; readonly bytes: Uint8Array };

const NOTHING: ReceivedBody = { text: "", bytes: new Uint8Array(0) };

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return null;
  }
}

/** Reads the body, up to its limit. Methods that take no body ignore it. */
export async function receiveBody(
  { method, body }: Endpoint,
  request: Request,
): Promise<Result<ReceivedBody, Problem>> {
  if (method === "GET" || method === "DELETE") return ok(NOTHING);
  const bytes = await readBody(request, MAX_BYTES);
  if (!bytes.ok) {
    switch (bytes.error) {
      case "too_large":
        return fail({ code: "body_too_large", title: "The body is too large: the limit is 1 MB." });
      case "incomplete":
        return refuseBody([{ path: "", message: "did not arrive completely" }]);
    }
  }
  if (body?.kind === "raw") return ok({ ...NOTHING, bytes: bytes.value });
  const text = decode(bytes.value);
  return text === null ? refuseBody([{ path: "", message: "is not UTF-8 text" }]) : ok({ ...NOTHING, text });
}

function parseJson(text: string): Result<unknown, string> {
  if (text.trim() === "") return fail("is empty: send a JSON object");
  const { exceeds } = measureJson(text, LIMITS);
  if (exceeds === "depth") return fail(`nests lists and maps more than ${LIMITS.max_depth} deep`);
  if (exceeds === "values") return fail(`contains more than ${LIMITS.max_values} values`);
  try {
    return ok(parseExact(text));
  } catch {
    return fail("is not valid JSON");
  }
}

function parseJsonBody(text: string, { schema, is_required }: JsonBody): Result<unknown, Problem> {
  const json = parseJson(is_required || text.trim() !== "" ? text : "{}");
  if (!json.ok) return refuseBody([{ path: "", message: json.error }]);
  if (!isJsonObject(json.value)) return refuseBody([{ path: "", message: "must be a JSON object" }]);
  const checked = check(schema, json.value);
  return checked.ok ? checked : refuseBody(checked.error);
}

/** Parses a body by its declaration; undefined if none is declared. */
export function parseBody(body: BodyDeclaration | undefined, received: ReceivedBody): Result<unknown, Problem> {
  switch (body?.kind) {
    case undefined:
      return ok(undefined);
    case "raw":
      return ok(received.bytes);
    case "json":
      return parseJsonBody(received.text, body);
  }
}

/** Parses a query by its declaration. An endpoint that declares none ignores the query. */
export function parseQuery(
  schema: z.ZodMiniType<Readonly<Record<string, unknown>>> | null,
  url: URL,
): Result<Readonly<Record<string, unknown>>, Problem> {
  if (schema === null) return ok({});
  const names = [...url.searchParams.keys()];
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) return refuseQuery([{ path: repeated, message: "is given more than once" }]);
  const checked = check(schema, Object.fromEntries(url.searchParams));
  return checked.ok ? checked : refuseQuery(checked.error);
}
