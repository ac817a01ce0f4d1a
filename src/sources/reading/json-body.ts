import { parseNumbersAsTexts } from "../../model/exact-json.ts";
import { type Json, type JsonObject, isJsonObject, memberOf } from "../../model/json.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { parseJson } from "./json-text.ts";
import type { SourceRequest } from "../source.ts";

/** A body that is JSON. */
export type JsonBody = {
  readonly value: Json;
  /** The same with every number as the text that the sender wrote. */
  readonly digits: () => Json;
  /** Whether parsing the text as it arrived gives the value. */
  readonly is_text: boolean;
};

/** A map of fields, and the same with its numbers as texts. */
export type Section = { readonly fields: JsonObject; readonly digits: () => JsonObject };

const MAX_ID = 300;

/** Reads a body that has to be JSON; null where it is empty. */
export function readJsonBody(request: SourceRequest): Result<JsonBody | null, readonly FieldError[]> {
  if (request.text === null) return fail([{ path: "", message: "The body is not valid UTF-8." }]);
  const text = request.text.replace(/^\uFEFF/, "");
  if (text.trim() === "") return ok(null);
  const parsed = parseJson(text);
  if (!parsed.ok) return fail([{ path: "", message: parsed.error }]);
  let digits: Json | undefined;
  return ok({
    value: parsed.value,
    digits: () => (digits ??= parseNumbersAsTexts(text)),
    is_text: text.length === request.text.length,
  });
}

/** Reads a body that has to be a JSON map. */
export function readJsonMap(
  request: SourceRequest,
): Result<{ readonly body: JsonBody; readonly section: Section }, readonly FieldError[]> {
  const read = readJsonBody(request);
  if (!read.ok) return read;
  const body = read.value;
  if (body === null) return fail([{ path: "", message: "The body is empty: there is nothing to act on." }]);
  const section = sectionOf(body.value, body.digits);
  if (section === null) return fail([{ path: "", message: "The body has to be a JSON map of fields." }]);
  return ok({ body, section });
}

/** A value as a section; null where it is no map. */
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

/** An id as a text, its digits as they were sent; null where there is none. The error says what it has to be. */
export function idOf(section: Section, name: string): Result<string | null, string> {
  const value = memberOf(section.fields, name) ?? null;
  const isHuge = typeof value === "number" && !Number.isSafeInteger(value);
  const exact = isHuge ? (memberOf(section.digits(), name) ?? null) : value;
  if (exact === null) return ok(null);
  if (typeof exact !== "string" && typeof exact !== "number") return fail("has to be a text or a number");
  const text = String(exact).trim();
  if (text.length > MAX_ID) return fail(`has to be at most ${MAX_ID} characters long`);
  return ok(text === "" ? null : text.toWellFormed().replaceAll("\u0000", "\ufffd"));
}

/** One key of several parts, which can be told apart in it whatever they hold. */
export function joinKey(parts: readonly string[]): string {
  return parts.map((part) => part.replaceAll("%", "%25").replaceAll("/", "%2F")).join("/");
}
