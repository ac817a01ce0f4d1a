import { type Json, type JsonObject, isJsonObject, memberOf } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { decodeUtf8 } from "../../model/utf8.ts";
import { type WrittenField, gather } from "../catch/form.ts";
import { charsetOf, decodeAs } from "./charset.ts";
import { MAX_FIELDS } from "./form.ts";
import { parseJson } from "./json-text.ts";

const CR = 0x0d;
const LF = 0x0a;
const DASH = 0x2d;
const SPACE = 0x20;
const TAB = 0x09;
const MAX_HEADER_BYTES = 8_192;
const BLANK_LINE = new Uint8Array([CR, LF, CR, LF]);

const BOUNDARY = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s";]{1,200}))/i;
const DISPOSITION = /^content-disposition:\s*form-data\s*(;.*)$/im;
const PART_TYPE = /^content-type:(.*)$/im;
const PARAMETER = /;\s*([\w*]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s";]*))/g;

const encoder = new TextEncoder();

/** Returns the next position of some bytes, the first of which is CR; -1 if there is none. */
function find(body: Uint8Array, wanted: Uint8Array, from: number): number {
  for (let at = body.indexOf(CR, from); at !== -1; at = body.indexOf(CR, at + 1)) {
    let length = 1;
    while (length < wanted.length && body[at + length] === wanted[length]) length += 1;
    if (length === wanted.length) return at;
  }
  return -1;
}

function decodeExtended(value: string): string | null {
  const [, encoded] = /^utf-8'[^']*'(.*)$/i.exec(value) ?? [];
  if (encoded === undefined) return null;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}

/**
 * Reads the parameters of a Content-Disposition. Only `\"` is an escape, because old browsers send paths with
 * backslashes.
 */
function parametersOf(disposition: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = "", quoted, plain = ""] of disposition.matchAll(PARAMETER)) {
    parameters.set(name.toLowerCase(), quoted === undefined ? plain : quoted.replaceAll('\\"', '"'));
  }
  const extended = decodeExtended(parameters.get("filename*") ?? "");
  if (extended !== null) parameters.set("filename", extended);
  return parameters;
}

/** A part of the body. `charset` is the one that it names itself; `file` is its metadata if it is a file. */
type Part = {
  readonly name: string;
  readonly content: Uint8Array;
  readonly charset: string | null;
  readonly file: Json | null;
};

function readPart(headers: string, content: Uint8Array): Part | null {
  const [, disposition = ""] = DISPOSITION.exec(headers) ?? [];
  const parameters = parametersOf(disposition);
  const name = parameters.get("name");
  const filename = parameters.get("filename");
  if (name === undefined) return null;
  const [, type = ""] = PART_TYPE.exec(headers) ?? [];
  if (filename === undefined) return { name, content, charset: charsetOf(type), file: null };
  const content_type = type.trim() === "" ? "application/octet-stream" : type.trim();
  return { name, content, charset: null, file: { filename, content_type, size: content.byteLength } };
}

/** The fields that name the encodings of other fields are short. */
const MAX_CHARSETS = 4_096;

/** Returns the value of a field that names encodings; "" if there is none. */
function textNamed(parts: readonly Part[], name: string): string {
  const content = parts.find((part) => part.name === name && part.file === null)?.content;
  return content === undefined || content.byteLength > MAX_CHARSETS ? "" : (decodeUtf8(content)?.trim() ?? "");
}

/**
 * Returns the encoding of each part that names none itself. HTML forms have a field `_charset_` for all; SendGrid has a field
 * `charsets` with a map from fields to encodings: https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
 */
function charsetsIn(parts: readonly Part[], contentType: string): (name: string) => string {
  const whole = textNamed(parts, "_charset_") || (charsetOf(contentType) ?? "utf-8");
  const parsed = parseJson(textNamed(parts, "charsets"));
  const map = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {};
  return (name) => {
    const named = memberOf(map, name);
    return typeof named === "string" ? named : whole;
  };
}

function fieldsOf(parts: readonly Part[], contentType: string): Result<JsonObject, string> {
  const charsetOfField = charsetsIn(parts, contentType);
  const fields: WrittenField[] = [];
  for (const [index, { name, content, charset, file }] of parts.entries()) {
    const value = file ?? decodeAs(charset ?? charsetOfField(name), content);
    if (value === null) {
      return fail(`Part ${index + 1} of the multipart body is neither valid UTF-8 nor in the encoding that it names.`);
    }
    fields.push([name, value]);
  }
  return ok(gather(fields));
}

/**
 * Returns the start of the part after the delimiter that ends at a position; null after the last delimiter; -1 if it is
 * not a delimiter.
 */
function startOfPart(body: Uint8Array, from: number): number | null {
  if (body[from] === DASH && body[from + 1] === DASH) return null;
  let at = from;
  while (body[at] === SPACE || body[at] === TAB) at += 1;
  return body[at] === CR && body[at + 1] === LF ? at + 2 : -1;
}

function firstDelimiterEnd(body: Uint8Array, delimiter: Uint8Array): number {
  const withoutBreak = delimiter.subarray(2);
  if (withoutBreak.every((byte, index) => body[index] === byte)) return withoutBreak.length;
  const at = find(body, delimiter, 0);
  return at === -1 ? -1 : at + delimiter.length;
}

/**
 * Reads the fields of a `multipart/form-data` body (RFC 7578). Of a file, it returns the metadata and not the bytes.
 */
export function readMultipart(body: Uint8Array, contentType: string): Result<JsonObject, string> {
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) return fail("The content type names no boundary.");
  const delimiter = encoder.encode(`\r\n--${boundary}`);
  const parts: Part[] = [];
  let end = firstDelimiterEnd(body, delimiter);
  while (end !== -1) {
    const start = startOfPart(body, end);
    if (start === null) return fieldsOf(parts, contentType);
    if (start === -1) break;
    const position = parts.length + 1;
    if (position > MAX_FIELDS) return fail(`There are more than ${MAX_FIELDS} fields.`);
    const blank = find(body.subarray(0, start + MAX_HEADER_BYTES), BLANK_LINE, start);
    if (blank === -1) return fail(`The headers of part ${position} of the multipart body do not end.`);
    const next = find(body, delimiter, blank + BLANK_LINE.length);
    if (next === -1) break;
    const headers = decodeAs(charsetOf(contentType) ?? "utf-8", body.subarray(start, blank));
    if (headers === null) return fail(`The headers of part ${position} of the multipart body are not valid UTF-8.`);
    const part = readPart(headers, body.subarray(blank + BLANK_LINE.length, next));
    if (part === null) return fail(`Part ${position} of the multipart body has no name.`);
    parts.push(part);
    end = next + delimiter.length;
  }
  return fail("The multipart body is broken: it does not end with its boundary.");
}
