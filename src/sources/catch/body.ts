import type { Json, JsonObject } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { charsetOf, decode, decodeAs, encodingOf } from "./charset.ts";
import { readDocument } from "./embedded.ts";
import { readForm, withHighBytes } from "./form.ts";
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
const NOT_TEXT = "The body is neither valid UTF-8 nor in an encoding that it names, so that it is stored unparsed.";

function formatOf(contentType: string): Format {
  const [mediaType = ""] = contentType.split(/[;,]/, 1);
  const wanted = mediaType.trim().toLowerCase();
  return FORMATS.find(([, pattern]) => pattern.test(wanted))?.[0] ?? "unknown";
}

/** Returns the unparsed body: as text, or in base64 if it is not valid UTF-8. */
export function rawBodyOf({ body, text }: SourceRequest): JsonObject {
  return text === null ? { raw_body: body.toBase64(), raw_body_encoding: "base64" } : { raw_body: text };
}

function raw(fields: JsonObject, note: string | null = null): Result<Body, string> {
  return ok({ kind: "raw", fields, note });
}

function parsed(value: Result<Json, string>, isJson = false): Result<Body, string> {
  return value.ok ? ok({ kind: "parsed", value: value.value, isJson }) : value;
}

function readXmlBody(request: SourceRequest, contentType: string): Result<Body, string> {
  const text = decode(request, contentType);
  if (text === null) return fail("The body is neither valid UTF-8 nor in the encoding that it names.");
  const xml = readXml(text.replace(BYTE_ORDER_MARK, ""));
  return xml.ok ? parsed(ok(xml.value.fields)) : xml;
}

function readJsonBody(text: string): Result<Body, string> {
  const json = text.replace(BYTE_ORDER_MARK, "");
  return parsed(parseJson(json), json === text);
}

/** Returns whether only JSON's white space surrounds a document. `trim` removes more characters than that. */
function isSetInJsonSpace(text: string): boolean {
  const document = text.trim();
  const before = text.slice(0, text.length - text.trimStart().length);
  const after = text.slice(before.length + document.length);
  return JSON_SPACE.test(before) && JSON_SPACE.test(after);
}

/** Reads a body whose content type does not tell its format. */
function readUnknown(request: SourceRequest, contentType: string): Result<Body, string> {
  const text = decode(request, contentType);
  if (text === null) return raw(rawBodyOf(request), encodingOf(request.body, contentType) === null ? null : NOT_TEXT);
  const document = readDocument(text);
  if (document === undefined) return raw({ raw_body: text });
  const isWritten = text === request.text && isSetInJsonSpace(text);
  return parsed(ok(document), isWritten && !text.trimStart().startsWith("<"));
}

function textOfForm(request: SourceRequest, contentType: string): string | null {
  const encoding = charsetOf(contentType) ?? "utf-8";
  if (/^utf-?8$/i.test(encoding)) return request.text;
  const bytes = withHighBytes(request.body);
  return decodeAs("utf-8", bytes) ?? decodeAs(encoding, bytes);
}

function readFormBody(request: SourceRequest, contentType: string): Result<Body, string> {
  const text = textOfForm(request, contentType);
  if (text === null) return raw(rawBodyOf(request), NOT_TEXT);
  // Command-line tools declare every body as a form. In a real form, braces, brackets and `<` are percent-encoded.
  const start = text.trimStart();
  if (start.startsWith("{") || start.startsWith("[")) {
    return request.text === null ? parsed(parseJson(text)) : readJsonBody(request.text);
  }
  const unknown = start.startsWith("<") ? readUnknown(request, contentType) : null;
  return unknown?.ok && unknown.value.kind === "parsed" ? unknown : parsed(readForm(text.trim()));
}

function readText(request: SourceRequest, contentType: string): Result<Body, string> {
  const text = decode(request, contentType);
  return text === null ? raw(rawBodyOf(request), NOT_TEXT) : raw({ raw_body: text });
}

/** Reads a body by its content type. The error is a sentence for the sender. */
export function readBody(request: SourceRequest): Result<Body, string> {
  const { body, text } = request;
  if (body.byteLength === 0 || text?.trim() === "") return ok({ kind: "empty" });
  const contentType = request.headers["content-type"] ?? "";
  const format = formatOf(contentType);
  switch (format) {
    case "json":
      return text === null ? fail("The body is not valid UTF-8.") : readJsonBody(text);
    case "xml":
      return readXmlBody(request, contentType);
    case "multipart":
      return parsed(readMultipart(body, contentType));
    case "form":
      return readFormBody(request, contentType);
    case "unknown":
      return readUnknown(request, contentType);
    case "text":
      return readText(request, contentType);
    case "raw":
      return raw(rawBodyOf(request));
  }
}
