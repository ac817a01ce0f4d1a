import { escapedLink, escapedParts } from "./escapes.ts";
import type { TextLeaf } from "./preset-data.ts";
import type { Values } from "./values.ts";

const PLACES = /\{([\w.]+)\}/g;
const PARAGRAPH = "\n\n";
const ELLIPSIS = "…";
const FENCE = "```";
const encoder = new TextEncoder();

function charactersIn(text: string): number {
  return text.length;
}

function bytesIn(text: string): number {
  return encoder.encode(text).byteLength;
}

/** Joins parts until `max` is reached. If some do not fit, `ending` replaces the end. */
function cut(parts: readonly string[], max: number, ending: string, sizeOf: (text: string) => number): string {
  const room = max - sizeOf(ending);
  let size = 0;
  let kept = 0;
  let written = 0;
  for (const part of parts) {
    size += sizeOf(part);
    if (size > max) return kept === 0 ? "" : parts.slice(0, kept).join("") + ending;
    written += 1;
    if (size <= room) kept = written;
  }
  return parts.join("");
}

/** Returns the parts of a paragraph; none if it has places and all are empty. */
function paragraphParts(paragraph: string, values: Values, leaf: TextLeaf): readonly string[] {
  const names = [...paragraph.matchAll(PLACES)].map(([, name]) => name ?? "");
  if (names.length > 0 && names.every((name) => (values[name] ?? "") === "")) return [];
  const parts: (readonly string[])[] = [];
  let end = 0;
  for (const place of paragraph.matchAll(PLACES)) {
    const [whole, name = ""] = place;
    const value = values[name] ?? "";
    // Each part has at least one character and one byte, so that the rest is cut off anyway.
    const start = value.slice(0, leaf.max + 2);
    parts.push([paragraph.slice(end, place.index)]);
    // A part of an address leads elsewhere.
    parts.push(name === "link" ? [escapedLink(value, leaf.escape)] : escapedParts(start, leaf.escape));
    end = place.index + whole.length;
  }
  return [...parts, [paragraph.slice(end)]].flat().filter((part) => part !== "");
}

function partsOf(leaf: TextLeaf, values: Values): readonly string[] {
  const paragraphs = leaf.pattern.split(PARAGRAPH).map((paragraph) => paragraphParts(paragraph, values, leaf));
  const shown = paragraphs.filter((parts) => parts.length > 0);
  return shown.flatMap((parts, index) => (index === 0 ? parts : ["\n", "\n", ...parts]));
}

/** Writes the text of a leaf; "" if none of its values is there. */
export function writeText(leaf: TextLeaf, values: Values): string {
  const { max, unit, is_fenced, is_word } = leaf;
  const sizeOf = unit === "bytes" ? bytesIn : charactersIn;
  const parts = partsOf(leaf, values);
  if (!is_fenced || parts.length === 0) return cut(parts, max, is_word ? "" : ELLIPSIS, sizeOf);
  // No text can end the block: its marks are apart.
  const inert = parts.map((part) => part.replaceAll("`", "`\u200b"));
  return `${FENCE}text\n${cut(inert, max - sizeOf(`${FENCE}text\n\n${FENCE}`), ELLIPSIS, sizeOf)}\n${FENCE}`;
}

/** Returns a pattern with its values, encoded for a URL or as they are; null if a value is missing. */
export function fill(pattern: string, values: Values, encode: (value: string) => string): string | null {
  const isMissing = [...pattern.matchAll(PLACES)].some(([, name = ""]) => (values[name] ?? "") === "");
  return isMissing ? null : pattern.replaceAll(PLACES, (_, name: string) => encode(values[name] ?? ""));
}
