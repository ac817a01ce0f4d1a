import { type Result, fail, ok } from "../../model/result.ts";
import type { SourceRequest } from "../source.ts";
import { charsetOf, decodeAs } from "./charset.ts";

/** A form or a query string as it arrived. `text` is null if the bytes are not text by themselves. */
export type Urlencoded = {
  readonly bytes: Uint8Array;
  readonly text: string | null;
  /** The encoding that the content type names, or null. */
  readonly named: string | null;
};

/** An escape of a byte outside ASCII. */
const ESCAPED = /%[89a-f][0-9a-f]/i;
/** Browsers write `_charset_`, and PayPal writes `charset`: https://url.spec.whatwg.org, https://developer.paypal.com/api/nvp-soap/ipn/ */
const OWN_CHARSET = /(?:^|&)(?:_charset_|charset)=([\w.:-]{1,40})(?=&|$)/i;
const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;
const EQUALS = 0x3d;
const AMPERSAND = 0x26;

const UNDECODABLE = "The form is neither valid UTF-8 nor in the encoding that it names.";

const encoder = new TextEncoder();

function hexAt(bytes: Uint8Array, at: number): number {
  return Number.parseInt(String.fromCharCode(bytes[at] ?? 0), 16);
}

/** Decodes the percent escapes of a part of a form, and reads plus signs as spaces. */
function unescapeBytes(part: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(part.length);
  let length = 0;
  for (let at = 0; at < part.length; at++) {
    const byte = part[at] ?? 0;
    const value = byte === PERCENT ? hexAt(part, at + 1) * 16 + hexAt(part, at + 2) : Number.NaN;
    if (Number.isNaN(value)) {
      bytes[length++] = byte === PLUS ? SPACE : byte;
    } else {
      bytes[length++] = value;
      at += 2;
    }
  }
  return bytes.subarray(0, length);
}

function nextIndex(bytes: Uint8Array, mark: number, from: number): number {
  const found = bytes.indexOf(mark, from);
  return found === -1 ? bytes.length : found;
}

/** Decodes each name and value by itself: a letter of several bytes may contain a byte that is a percent sign in ASCII. */
function decodeParts({ bytes }: Urlencoded, label: string): Result<[string, string][], string> {
  const pairs: [string, string][] = [];
  for (let start = 0; start < bytes.length;) {
    const end = nextIndex(bytes, AMPERSAND, start);
    const equals = Math.min(end, nextIndex(bytes, EQUALS, start));
    if (end > start) {
      const name = decodeAs(label, unescapeBytes(bytes.subarray(start, equals)));
      const value = decodeAs(label, unescapeBytes(bytes.subarray(Math.min(end, equals + 1), end)));
      if (name === null || value === null) return fail(UNDECODABLE);
      pairs.push([name, value]);
    }
    start = end + 1;
  }
  return ok(pairs);
}

function labelOf({ bytes, named }: Urlencoded, text: string | null): string {
  const ascii = text ?? String.fromCharCode(...bytes.subarray(0, 16_384).filter((byte) => byte < 0x80));
  return OWN_CHARSET.exec(ascii)?.[1] ?? named ?? "utf-8";
}

/**
 * Returns the names and values of a form in the encoding that a field of it names, or else its content type, or else UTF-8. The
 * error says that a value cannot be decoded: a replacement character would change what the sender wrote.
 */
export function pairsOf(form: Urlencoded): Result<Iterable<readonly [string, string]>, string> {
  const { text } = form;
  if (text !== null && !ESCAPED.test(text)) return ok(new URLSearchParams(text));
  return decodeParts(form, labelOf(form, text));
}

/** Returns the names and values of a query string. */
export function pairsOfQuery(query: string): Result<Iterable<readonly [string, string]>, string> {
  if (!ESCAPED.test(query)) return ok(new URLSearchParams(query));
  const pairs = decodeParts({ bytes: encoder.encode(query), text: query, named: null }, labelOfQuery(query));
  return pairs.ok ? pairs : fail("The query string is neither valid UTF-8 nor in the encoding that it names.");
}

function labelOfQuery(query: string): string {
  return OWN_CHARSET.exec(query)?.[1] ?? "utf-8";
}

/** Returns the body of a request as a form. White space around it, such as a last line break, belongs to no field. */
export function urlencodedOf({ body, text, is_utf8, headers }: SourceRequest): Urlencoded {
  const named = charsetOf(headers["content-type"] ?? "");
  const trimmed = text?.replace(/^\uFEFF/, "").trim() ?? null;
  return {
    bytes: is_utf8 && trimmed !== null && trimmed !== text ? encoder.encode(trimmed) : body,
    text: trimmed,
    named,
  };
}

/** The start of a form whose first name begins with a bracket or a brace: a name without quotes or white space, and its value. */
const STARTS_FORM = /^\s*[{[][^"'\s&=]*=/;

/**
 * Returns whether a body that is declared as a form is meant as JSON. Command-line tools declare every body as a form. JSON
 * that starts with a bracket or a brace has a quote, a comma or white space before the first equals sign.
 */
export function isMeantAsJson(text: string): boolean {
  return /^\s*[{[]/.test(text) && !STARTS_FORM.test(text);
}
