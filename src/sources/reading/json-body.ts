import { parseExact, parseNumbersAsTexts } from "../../model/exact-json.ts";
import { type Json, type JsonObject, isJsonObject, memberOf } from "../../model/json.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { UNDECODABLE_BODY } from "./charset.ts";
import { parseJson } from "./json-text.ts";
import type { SourceRequest } from "../source.ts";

/** A parsed JSON body. */
export type JsonBody = {
  readonly value: Json;
  /** Returns the value with each number as the text that the sender wrote. */
  readonly digits: () => Json;
  /** Returns the value with all digits of numbers that a double cannot hold. */
  readonly exact: () => Json;
  /** The value to store. It has all digits where the text is not stored in its place. */
  readonly payload: Json;
  /** True if the value is the result of parsing the whole text. */
  readonly payload_is_body: boolean;
};

/** A map of fields. `digits` returns the same map with its numbers as texts. */
export type Section = { readonly fields: JsonObject; readonly digits: () => JsonObject };

const MAX_ID = 300;

/** Reads a body that must be JSON; null if it is empty. */
export function readJsonBody(request: SourceRequest): Result<JsonBody | null, readonly FieldError[]> {
  if (request.text === null) return fail([{ path: "", message: UNDECODABLE_BODY }]);
  const text = request.text.replace(/^\uFEFF/, "");
  if (text.trim() === "") return ok(null);
  const parsed = parseJson(text);
  if (!parsed.ok) return fail([{ path: "", message: parsed.error }]);
  let digits: Json | undefined;
  let precise: Json | undefined;
  const exact = (): Json => (precise ??= parseExact(text));
  const isText = text.length === request.text.length;
  return ok({
    value: parsed.value,
    digits: () => (digits ??= parseNumbersAsTexts(text)),
    exact,
    payload: isText ? parsed.value : exact(),
    payload_is_body: isText,
  });
}

/** Reads a body that must be a JSON map. */
export function readJsonMap(
  request: SourceRequest,
): Result<{ readonly body: JsonBody; readonly section: Section }, readonly FieldError[]> {
  const read = readJsonBody(request);
  if (!read.ok) return read;
  const body = read.value;
  if (body === null) return fail([{ path: "", message: "The body is empty: there is nothing to act on." }]);
  const section = sectionOf(body.value, body.digits);
  if (section === null) return fail([{ path: "", message: "The body must be a JSON map of fields." }]);
  return ok({ body, section });
}

/** Returns a value as a section; null if it is not a map. */
export function sectionOf(value: Json | undefined, digits: () => Json | undefined): Section | null {
  if (!isJsonObject(value)) return null;
  return {
    fields: value,
    digits: () => {
      const exact = digits();
      return isJsonObject(exact) ? exact : {};
    },
  };
}

/** Returns an id as text with all of its digits; null if there is none. The error says what it must be. */
export function idOf(section: Section, name: string): Result<string | null, string> {
  const value = memberOf(section.fields, name) ?? null;
  const isHuge = typeof value === "number" && !Number.isSafeInteger(value);
  const exact = isHuge ? (memberOf(section.digits(), name) ?? null) : value;
  if (exact === null) return ok(null);
  if (typeof exact !== "string" && typeof exact !== "number") return fail("must be a text or a number");
  const text = String(exact).trim();
  if (text.length > MAX_ID) return fail(`must be at most ${MAX_ID} characters long`);
  return ok(text === "" ? null : text.toWellFormed().replaceAll("\u0000", "\ufffd"));
}

/** Joins parts to one key. Different parts always give different keys. */
export function joinKey(parts: readonly string[]): string {
  return parts.map((part) => part.replaceAll("%", "%25").replaceAll("/", "%2F")).join("/");
}
