import type { Json, JsonObject } from "../../model/json.ts";
import { parseExact } from "../../model/exact-json.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { UNDECODABLE_BODY, charsetOf, decodeAs, xmlEncodingOf } from "../reading/charset.ts";
import { readJsonText } from "../reading/embedded-texts.ts";
import { isMeantAsJson, urlencodedOf } from "../reading/urlencoded.ts";
import { readDocument } from "./embedded.ts";
import { readForm } from "./form.ts";
import { readMultipart } from "../reading/multipart.ts";
import { readXml } from "../reading/xml.ts";
import { parseJson } from "../reading/json-text.ts";
import type { SourceRequest } from "../source.ts";

/** The content of a body, by its format. */
export type Body =
  | { readonly kind: "empty" }
  /** `isJson`: the value is the result of JSON.parse on the body's text. */
  | { readonly kind: "parsed"; readonly value: Json; readonly isJson: boolean }
  /** `note`: why the body could not be read although it declares itself as text. */
  | { readonly kind: "raw"; readonly fields: JsonObject; readonly note: string | null };

type Format = "json" | "form" | "multipart" | "xml" | "text" | "raw" | "unknown";

// If none of these matches, the body itself is examined.
const FORMATS: readonly (readonly [Format, RegExp])[] = [
  ["json", /^(?:application|text)\/(?:x-)?json$|\+json$/],
  ["form", /^application\/x-www-form-urlencoded$/],
  ["multipart", /^multipart\/form-data$/],
  ["xml", /^(?:application|text)\/xml$|\+xml$/],
  ["text", /^text\//],
  ["raw", /^(?:image|audio|video|font|model|message|multipart)\/|^application\/octet-stream$/],
];

const BYTE_ORDER_MARK = /^\uFEFF/;
const JSON_SPACE = /^[ \t\r\n]*$/;
/** A text such as `[WARN] Disk full` begins with a bracket, too. */
const BEGINS_AS_JSON = /^\s*(?:\{\s*(?:["}]|$)|\[\s*(?:["[{\]]|$|(?:-?\d+(?:\.\d+)?|true|false|null)\s*(?:[,\]]|$)))/;
const IS_TEXT = "A text is accepted with the content type text/plain, or with the option raw of a catch integration.";
const NOT_TEXT = "The body is neither valid UTF-8 nor does it name another encoding, so that it is stored unparsed.";

function formatOf(contentType: string): Format {
  const [mediaType = ""] = contentType.split(/[;,]/, 1);
  const wanted = mediaType.trim().toLowerCase();
  return FORMATS.find(([, pattern]) => pattern.test(wanted))?.[0] ?? "unknown";
}

/** Returns a body that is not UTF-8 in the encoding that the start of an XML document declares; null if none is declared. */
function textByDeclaration(body: Uint8Array): string | null {
  const encoding = xmlEncodingOf(body);
  return encoding === null ? null : decodeAs(encoding, body);
}

/** Returns the unparsed body: as text, or in base64 if its bytes are not those of a text in UTF-8. */
export function rawBodyOf({ body, text, is_utf8 }: SourceRequest): JsonObject {
  return is_utf8 && text !== null ? { raw_body: text } : { raw_body: body.toBase64(), raw_body_encoding: "base64" };
}

function raw(fields: JsonObject, note: string | null = null): Result<Body, string> {
  return ok({ kind: "raw", fields, note });
}

function parsed(value: Result<Json, string>, isJson = false): Result<Body, string> {
  return value.ok ? ok({ kind: "parsed", value: value.value, isJson }) : value;
}

function readXmlBody(text: string | null): Result<Body, string> {
  if (text === null) return fail(UNDECODABLE_BODY);
  const xml = readXml(text.replace(BYTE_ORDER_MARK, ""));
  return xml.ok ? parsed(ok(xml.value.fields)) : xml;
}

function readJsonBody(text: string): Result<Body, string> {
  const json = text.replace(BYTE_ORDER_MARK, "");
  const value = parseJson(json, parseExact);
  // Some notifiers, such as shoutrrr, send a text as JSON.
  if (!value.ok && !BEGINS_AS_JSON.test(json)) return fail(`${value.error} ${IS_TEXT}`);
  return parsed(value, json === text);
}

/** Returns whether only JSON's white space surrounds a document. `trim` removes more characters than that. */
function isSetInJsonSpace(text: string): boolean {
  const document = text.trim();
  const before = text.slice(0, text.length - text.trimStart().length);
  const after = text.slice(before.length + document.length);
  return JSON_SPACE.test(before) && JSON_SPACE.test(after);
}

/** Returns a document as the body; `isJson` unless white space surrounds it that JSON does not know. */
function documentBody(document: Json, text: string): Result<Body, string> {
  return parsed(ok(document), isSetInJsonSpace(text) && !text.trimStart().startsWith("<"));
}

/** Reads a body whose content type does not tell its format. */
function readUnknown(request: SourceRequest, text: string | null, contentType: string): Result<Body, string> {
  if (text === null) return undecoded(request, contentType);
  const document = readDocument(text);
  return document === undefined ? raw({ raw_body: text }) : documentBody(document, text);
}

/** A text that names its encoding must be valid in it. Any other body may be anything, and is kept as it is. */
function undecoded(request: SourceRequest, contentType: string): Result<Body, string> {
  if (charsetOf(contentType) !== null) return fail(UNDECODABLE_BODY);
  return raw(rawBodyOf(request), formatOf(contentType) === "text" ? NOT_TEXT : null);
}

function readFormBody(request: SourceRequest, text: string | null): Result<Body, string> {
  const form = urlencodedOf(request);
  const start = text?.trimStart() ?? "";
  if (text !== null && isMeantAsJson(start)) return readJsonBody(text);
  // In a real form, `<` is percent-encoded.
  const document = start.startsWith("<") && text !== null ? readDocument(text) : undefined;
  return document === undefined ? parsed(readForm(form)) : documentBody(document, start);
}

/**
 * Reads a body by its content type. A whole JSON map or list is JSON whatever the content type says, because browsers omit it
 * or send `text/plain` to avoid a preflight. The error is a sentence for the sender.
 */
export function readBody(request: SourceRequest): Result<Body, string> {
  const { body } = request;
  const contentType = request.headers["content-type"] ?? "";
  const text = request.text ?? textByDeclaration(body);
  if (body.byteLength === 0 || text?.trim() === "") return ok({ kind: "empty" });
  const format = formatOf(contentType);
  if (format === "json") return text === null ? fail(UNDECODABLE_BODY) : readJsonBody(text);
  const document = text === null ? undefined : readJsonText(text.replace(BYTE_ORDER_MARK, ""));
  if (document !== undefined && text !== null) return documentBody(document, text);
  switch (format) {
    case "xml":
      return readXmlBody(text);
    case "multipart":
      return parsed(readMultipart(body, contentType));
    case "form":
      return readFormBody(request, text);
    case "unknown":
      return readUnknown(request, text, contentType);
    case "text":
      return text === null ? undecoded(request, contentType) : raw({ raw_body: text });
    case "raw":
      return raw(rawBodyOf(request));
  }
}
