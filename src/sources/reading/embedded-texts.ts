import { parseExact } from "../../model/exact-json.ts";
import { type Json, isJsonObject, isList } from "../../model/json.ts";
import { measureJson } from "../../model/json-size.ts";
import { MAX_DEPTH, MAX_VALUES, parseJson } from "./json-text.ts";

/** Parses documents within texts. */
export type Opener = {
  /** Returns the value with documents in place of their texts; the same object if there are none. */
  readonly open: (value: Json) => Json;
  /** Returns whether the limit of attempts or of values was reached. */
  readonly gaveUp: () => boolean;
};

/** A kind of document: how its text starts, and a parser that returns undefined for any other text. */
export type EmbeddedKind = { readonly start: RegExp; readonly read: (text: string) => Json | undefined };

/** The deepest nesting of texts within texts. */
const MAX_LEVELS = 5;

/** Returns an upper bound of the values that a document in a text can have. It stops counting above MAX_VALUES. */
function valuesIn(text: string): number {
  if (!text.trimStart().startsWith("<")) {
    return measureJson(text, { max_depth: Number.POSITIVE_INFINITY, max_values: MAX_VALUES }).values;
  }
  // An element has a tag, an attribute has an equals sign.
  let values = 0;
  for (const mark of ["<", "="]) {
    for (let at = text.indexOf(mark); at !== -1 && values <= MAX_VALUES; at = text.indexOf(mark, at + 1)) values += 1;
  }
  return values;
}

/** Returns how deep maps and lists nest in a value. */
export function heightOf(value: Json): number {
  if (typeof value !== "object" || value === null) return 0;
  let highest = 0;
  for (const member of Object.values(value)) {
    if (typeof member === "object" && member !== null) highest = Math.max(highest, heightOf(member));
  }
  return highest + 1;
}

/** Parses a text that is a JSON map or list; undefined for any other text. */
export function readJsonText(text: string): Json | undefined {
  const trimmed = text.trim();
  const ends = `${trimmed.charAt(0)}${trimmed.at(-1) ?? ""}`;
  if (ends !== "{}" && ends !== "[]") return undefined;
  const parsed = parseJson(trimmed, parseExact);
  return parsed.ok ? parsed.value : undefined;
}

/**
 * Returns an opener that tries at most `maxAttempts` texts, with as many values together as a body may have. Each attempt costs some microseconds, even for a short
 * text.
 */
export function createOpener({ start, read }: EmbeddedKind, maxAttempts: number): Opener {
  let attempts = 0;
  let values = 0;

  function openText(text: string, depth: number, level: number): Json {
    if (level === MAX_LEVELS || !start.test(text)) return text;
    attempts += 1;
    if (attempts > maxAttempts || values > MAX_VALUES) return text;
    values += valuesIn(text);
    if (values > MAX_VALUES) return text;
    const document = read(text);
    if (document === undefined || depth + heightOf(document) > MAX_DEPTH) return text;
    return openWithin(document, depth, level + 1);
  }

  function openWithin(value: Json, depth: number, level: number): Json {
    if (typeof value === "string") return openText(value, depth, level);
    if (typeof value !== "object" || value === null) return value;
    if (isList(value)) {
      const items = value.map((item) => openWithin(item, depth + 1, level));
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    if (!isJsonObject(value)) return value;
    const opened = new Map<string, Json>();
    // Object.values and Object.entries take twice as long on a map with many keys.
    for (const name in value) {
      const member = value[name] ?? null;
      const inner = openWithin(member, depth + 1, level);
      if (inner !== member) opened.set(name, inner);
    }
    if (opened.size === 0) return value;
    // Object.fromEntries treats `__proto__` as a normal key.
    return Object.fromEntries(Object.keys(value).map((name) => [name, opened.get(name) ?? value[name] ?? null]));
  }

  return { open: (value) => openWithin(value, 0, 0), gaveUp: () => attempts > maxAttempts || values > MAX_VALUES };
}
