import { Digits } from "./digits.ts";
import { exactNumber, mayBeLong, parseExactAs } from "./exact-json.ts";

// JSON for programs that do not run in workerd: the dashboard and the command line. Old browsers and Node 20 have no
// `JSON.rawJSON`, and give no source text to a reviver. There, each text and each name gets a letter in front, and each number
// becomes a text with another letter. The letters cannot be mixed up, whatever a payload contains.

const TOKEN = /"((?:[^"\\]|\\.)*)"|-?\d[\d.eE+-]*/g;
const TEXT = "t";
const NUMBER = "n";

function hasRawJson(): boolean {
  return "rawJSON" in JSON;
}

function isMap(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Digits);
}

function unmark(_name: string, value: unknown): unknown {
  if (typeof value === "string") {
    const text = value.slice(1);
    return value.startsWith(TEXT) ? text : exactNumber(Number(text), text);
  }
  return isMap(value)
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name.slice(1), member]))
    : value;
}

function mark(value: unknown): unknown {
  if (value instanceof Digits) return NUMBER + value.toString();
  if (typeof value === "string") return TEXT + value;
  if (Array.isArray(value)) return value.map(mark);
  return isMap(value)
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [TEXT + name, mark(member)]))
    : value;
}

function parseMarked<T>(text: string): T {
  // Throws if the text is no JSON.
  const rounded: T = JSON.parse(text);
  if (!mayBeLong(text)) return rounded;
  const marked = text.replaceAll(TOKEN, (token, inner?: string) =>
    inner === undefined ? `"${NUMBER}${token}"` : `"${TEXT}${inner}"`,
  );
  const exact: T = JSON.parse(marked, unmark);
  return exact;
}

/** Parses JSON as the type that the caller names, and keeps every digit. Throws a SyntaxError if the text is no JSON. */
export function parseJson<T>(text: string): T {
  return hasRawJson() ? parseExactAs<T>(text) : parseMarked<T>(text);
}

/** Writes JSON with every digit. `indent` is that of `JSON.stringify`. */
export function writeJson(value: unknown, indent = 0): string {
  if (hasRawJson()) return JSON.stringify(value, null, indent);
  return JSON.stringify(mark(value), null, indent).replaceAll(TOKEN, (token, inner?: string) => {
    if (inner === undefined) return token;
    return inner.startsWith(NUMBER) ? inner.slice(1) : `"${inner.slice(1)}"`;
  });
}

const NUMBER_TEXT = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** Returns the number that a person has written, with every digit; null if the text is not a number. */
export function readNumber(text: string): number | null {
  const plain = text
    .trim()
    .replace(/^\+/, "")
    .replace(/^(-?)0+(?=\d)/, "$1");
  if (NUMBER_TEXT.test(plain)) return parseJson<number>(plain);
  const value = plain === "" ? Number.NaN : Number(plain);
  return Number.isFinite(value) ? value : null;
}
