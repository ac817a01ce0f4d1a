import { type Json, isJsonObject } from "../model/json.ts";
import { readXml } from "./catch-xml.ts";
import { parseJson } from "./json-text.ts";

/** Opens the JSON and XML that stands inside texts. */
export type Opener = {
  /** The value with its texts opened; the same object where there was nothing to open. */
  readonly open: (value: Json) => Json;
  /** Whether there was more to try than is allowed. */
  readonly gaveUp: () => boolean;
};

/** How deep maps and lists may nest in the end, as in a JSON body. */
const DEEPEST = 100;
/** Texts inside of texts inside of texts. */
const MOST_LEVELS = 5;
// Each text that looks like a document costs some microseconds, whatever its length.
const FREE_ATTEMPTS = 1_000;
const BYTES_PER_ATTEMPT = 100;

// Content for people, which is to stay as it is: an article's or a mail's text often is well-formed by chance.
const HTML =
  /^<(?:(?:html|head|body|main|header|footer|nav|article|section|aside|div|p|span|br|hr|h[1-6]|ul|ol|li|dl|table|thead|tbody|tr|td|th|blockquote|pre|code|strong|em|b|i|u|s|small|img|figure|picture|video|audio|svg|form|button|script|style|iframe)[\s/>]|a\s[^>]*\bhref\s*=)/i;

function heightOf(value: Json): number {
  if (typeof value !== "object" || value === null) return 0;
  let highest = 0;
  for (const member of Object.values(value)) {
    if (typeof member === "object" && member !== null) highest = Math.max(highest, heightOf(member));
  }
  return highest + 1;
}

/** What a text says where it is a whole JSON map or list or an XML document, else undefined. */
export function readDocument(text: string): Json | undefined {
  const trimmed = text.trim();
  const ends = `${trimmed.charAt(0)}${trimmed.at(-1) ?? ""}`;
  if (ends === "{}" || ends === "[]") {
    const parsed = parseJson(trimmed);
    return parsed.ok ? parsed.value : undefined;
  }
  if (ends !== "<>" || HTML.test(trimmed)) return undefined;
  const parsed = readXml(trimmed);
  // Where text and elements mix, their order says something that a map cannot.
  return parsed.ok && !parsed.value.isMixed ? parsed.value.fields : undefined;
}

function looksLikeDocument(text: string): boolean {
  return /^\s*(?:\{|\[|<)/.test(text);
}

/** An opener for a request of so many bytes. */
export function createOpener(bytes: number): Opener {
  const mostAttempts = FREE_ATTEMPTS + Math.ceil(bytes / BYTES_PER_ATTEMPT);
  let attempts = 0;

  function openText(text: string, depth: number, level: number): Json {
    if (level === MOST_LEVELS || !looksLikeDocument(text)) return text;
    attempts += 1;
    if (attempts > mostAttempts) return text;
    const document = readDocument(text);
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
