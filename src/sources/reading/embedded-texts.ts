import { type Json, isJsonObject } from "../../model/json.ts";
import { parseJson } from "./json-text.ts";

/** Opens the documents that stand inside texts. */
export type Opener = {
  /** The value with its texts opened; the same object where there was nothing to open. */
  readonly open: (value: Json) => Json;
  /** Whether there was more to try than is allowed. */
  readonly gaveUp: () => boolean;
};

/** A kind of texts to open: how they begin, and what one says; undefined where it is none after all. */
export type EmbeddedKind = { readonly start: RegExp; readonly read: (text: string) => Json | undefined };

/** How deep maps and lists may nest in the end, as in a JSON body. */
export const DEEPEST = 100;
/** Texts inside of texts inside of texts. */
const MAX_LEVELS = 5;

/** How deep maps and lists nest in a value. */
export function heightOf(value: Json): number {
  if (typeof value !== "object" || value === null) return 0;
  let highest = 0;
  for (const member of Object.values(value)) {
    if (typeof member === "object" && member !== null) highest = Math.max(highest, heightOf(member));
  }
  return highest + 1;
}

/** The map or list that a text is in JSON; undefined where it is none. */
export function readJsonText(text: string): Json | undefined {
  const trimmed = text.trim();
  const ends = `${trimmed.charAt(0)}${trimmed.at(-1) ?? ""}`;
  if (ends !== "{}" && ends !== "[]") return undefined;
  const parsed = parseJson(trimmed);
  return parsed.ok ? parsed.value : undefined;
}

/** An opener that tries so many texts at the most: each costs some microseconds, whatever its length. */
export function createOpener({ start, read }: EmbeddedKind, mostAttempts: number): Opener {
  let attempts = 0;

  function openText(text: string, depth: number, level: number): Json {
    if (level === MAX_LEVELS || !start.test(text)) return text;
    attempts += 1;
    if (attempts > mostAttempts) return text;
    const document = read(text);
    if (document === undefined || depth + heightOf(document) > DEEPEST) return text;
    return openWithin(document, depth, level + 1);
  }

  function openWithin(value: Json, depth: number, level: number): Json {
    if (typeof value === "string") return openText(value, depth, level);
    if (typeof value !== "object" || value === null) return value;
    if (!isJsonObject(value)) {
      const items = value.map((item) => openWithin(item, depth + 1, level));
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    const opened = new Map<string, Json>();
    // Object.values and Object.entries take twice as long on a map of many names.
    for (const name in value) {
      const member = value[name] ?? null;
      const inner = openWithin(member, depth + 1, level);
      if (inner !== member) opened.set(name, inner);
    }
    if (opened.size === 0) return value;
    // Object.fromEntries makes `__proto__` a key like any other.
    return Object.fromEntries(Object.keys(value).map((name) => [name, opened.get(name) ?? value[name] ?? null]));
  }

  return { open: (value) => openWithin(value, 0, 0), gaveUp: () => attempts > mostAttempts };
}
