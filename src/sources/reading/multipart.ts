import type { Json, JsonObject } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { type WrittenField, gather } from "../catch/form.ts";
import { MAX_FIELDS } from "./form.ts";

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
const decoder = new TextDecoder();

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

function readPart(headers: string, content: Uint8Array): WrittenField | null {
  const [, disposition = ""] = DISPOSITION.exec(headers) ?? [];
  const parameters = parametersOf(disposition);
  const name = parameters.get("name");
  const filename = parameters.get("filename");
  if (name === undefined) return null;
  if (filename === undefined) return [name, decoder.decode(content)];
  const [, type = ""] = PART_TYPE.exec(headers) ?? [];
  const file: Json = {
    filename,
    content_type: type.trim() === "" ? "application/octet-stream" : type.trim(),
    size: content.byteLength,
  };
  return [name, file];
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
  const fields: WrittenField[] = [];
  let end = firstDelimiterEnd(body, delimiter);
  while (end !== -1) {
    const start = startOfPart(body, end);
    if (start === null) return ok(gather(fields));
    if (start === -1) break;
    const position = fields.length + 1;
    if (position > MAX_FIELDS) return fail(`There are more than ${MAX_FIELDS} fields.`);
    const blank = find(body.subarray(0, start + MAX_HEADER_BYTES), BLANK_LINE, start);
    if (blank === -1) return fail(`The headers of part ${position} of the multipart body do not end.`);
    const next = find(body, delimiter, blank + BLANK_LINE.length);
    if (next === -1) break;
    const headers = decoder.decode(body.subarray(start, blank));
    const field = readPart(headers, body.subarray(blank + BLANK_LINE.length, next));
    if (field === null) return fail(`Part ${position} of the multipart body has no name.`);
    fields.push(field);
    end = next + delimiter.length;
  }
  return fail("The multipart body is broken: it does not end with its boundary.");
}
