import { nameOfRef, parametersOf, resolveSchema } from "./document.mjs";
import { typeOf } from "./types.mjs";

// What the client has to know about each operation of the document.

/**
 * @typedef {import("./document.mjs").Document} Document
 * @typedef {import("./document.mjs").OperationObject} OperationObject
 * @typedef {import("./document.mjs").Parameter} Parameter
 *
 * How a body is read: parsed as JSON, as text, as bytes, or not at all.
 * @typedef {"json" | "text" | "bytes" | "nothing"} Reading
 *
 * @typedef {{
 *   groups: string[], name: string, method: string, path: string, summary: string,
 *   pathParameters: string[], query: Parameter[], body: { type: string, required: boolean, is_json: boolean } | null,
 *   responses: { status: string, type: string, reading: Reading }[],
 *   takesKey: boolean, isPaged: boolean,
 * }} Operation
 */

const API = "/api/v1/";
/**
 * Addresses that are not for clients of the API: senders call the ones of this tag, and an integration may return any status and body
 * there; a browser calls the page.
 */
const INGEST_TAG = "ingest";
const PAGES = ["/oauth/callback"];
const TYPE_OF_READING = { text: "string", bytes: "Uint8Array<ArrayBuffer>", nothing: "null" };
const VERBS_OF_ITEM = new Map([
  ["GET", "get"],
  ["PATCH", "update"],
  ["PUT", "replace"],
  ["DELETE", "delete"],
]);
const VERBS_OF_COLLECTION = new Map([...VERBS_OF_ITEM, ["POST", "create"]]);

/** @param {string} text */
function camelOf(text) {
  const [first = "", ...others] = text.replace(/\.json$/, "").split(/[-._]/);
  return first + others.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("");
}

/**
 * @param {ReadonlyMap<string, string>} verbs
 * @param {string} method
 * @param {string} path
 */
function verbOf(verbs, method, path) {
  const verb = verbs.get(method);
  if (verb === undefined) throw new Error(`The client has no name for ${method} ${path}.`);
  return verb;
}

/**
 * Where the client has an operation. Below `/api/v1` the path decides: `GET /events` is `events.list`, `POST /events/{id}/replay` is
 * `events.replay`, `GET /destinations/{id}/documents/{key}` is `destinations.documents.get`. Any other operation has its own id, in the
 * group of its tag.
 * @param {string} method
 * @param {string} path
 * @param {OperationObject} operation
 * @param {boolean} isList
 */
function nameOf(method, path, operation, isList) {
  if (!path.startsWith(API)) return { groups: [camelOf(operation.tags[0] ?? "")], name: operation.operationId };
  const segments = path.slice(API.length).split("/");
  const groups = segments.filter((segment) => !segment.startsWith("{")).map(camelOf);
  if (segments.at(-1)?.startsWith("{")) return { groups, name: verbOf(VERBS_OF_ITEM, method, path) };
  if (isList) return { groups, name: "list" };
  const isAction = segments.length > 1 && (method === "POST" || method === "GET");
  if (isAction) return { groups: groups.slice(0, -1), name: groups.at(-1) ?? "" };
  return { groups, name: verbOf(VERBS_OF_COLLECTION, method, path) };
}

/**
 * @param {string} contentType
 * @returns {Reading}
 */
function readingOf(contentType) {
  if (/^application\/(?:json$|.*\+json$)/.test(contentType)) return "json";
  return contentType.startsWith("text/") ? "text" : "bytes";
}

/** @param {OperationObject} operation */
function responsesOf({ responses }) {
  const successes = Object.entries(responses).filter(([status]) => status.startsWith("2"));
  return successes.map(([status, { content = {} }]) => {
    const [entry] = Object.entries(content);
    /** @type {Reading} */
    const reading = entry === undefined ? "nothing" : readingOf(entry[0]);
    const type = reading === "json" ? typeOf(entry?.[1].schema ?? {}) : TYPE_OF_READING[reading];
    return { status, type, reading };
  });
}

/** @param {OperationObject} operation */
function bodyOf({ requestBody }) {
  const entry = Object.entries(requestBody?.content ?? {})[0];
  if (entry === undefined) return null;
  const [contentType, { schema }] = entry;
  const is_json = contentType === "application/json";
  return { type: is_json ? typeOf(schema ?? {}) : "RawBody", required: requestBody?.required === true, is_json };
}

/**
 * Whether an operation reads a list, and whether that list comes in pages.
 * @param {Document} document
 * @param {string} method
 * @param {OperationObject} operation
 */
function listing(document, method, operation) {
  const schema = operation.responses["200"]?.content?.["application/json"]?.schema;
  const { properties = {} } = schema === undefined ? {} : resolveSchema(document, schema);
  const isList = method === "GET" && properties["data"]?.type === "array";
  return { isList, isPaged: isList && properties["next_cursor"] !== undefined };
}

/** @param {OperationObject} operation */
function summaryOf({ summary, description, security }, /** @type {string} */ where) {
  const scopes = (security ?? []).flatMap((each) => Object.values(each).flat());
  const needs = scopes.length === 0 ? "" : ` Needs the scope \`${scopes.join("`, `")}\`.`;
  const text = [summary, description].flatMap((each) => (each === undefined ? [] : [each.replace(/([^.])$/, "$1.")]));
  return `\`${where}\`: ${text.join(" ")}${needs}`;
}

/**
 * @param {Document} document
 * @param {string} method
 * @param {string} path
 * @param {OperationObject} operation
 * @returns {Operation}
 */
function readOperation(document, method, path, operation) {
  const parameters = parametersOf(document, operation);
  const headers = parameters.filter((each) => each.in === "header").map((each) => each.name);
  const unknown = headers.filter((name) => name !== "Idempotency-Key");
  if (unknown.length > 0) throw new Error(`${method} ${path}: the client has no option for ${unknown.join(", ")}.`);
  const { isList, isPaged } = listing(document, method, operation);
  return {
    ...nameOf(method, path, operation, isList),
    method,
    path,
    summary: summaryOf(operation, `${method} ${path}`),
    pathParameters: parameters.filter((each) => each.in === "path").map((each) => each.name),
    query: parameters.filter((each) => each.in === "query"),
    body: bodyOf(operation),
    responses: responsesOf(operation),
    takesKey: headers.length > 0,
    isPaged,
  };
}

/** @param {readonly Operation[]} operations */
function refuseDuplicates(operations) {
  const seen = new Map();
  for (const { groups, name, method, path } of operations) {
    const place = [...groups, name].join(".");
    if (seen.has(place)) throw new Error(`${method} ${path} and ${seen.get(place)} would both be client.${place}.`);
    seen.set(place, `${method} ${path}`);
  }
}

/**
 * @param {string} path
 * @param {OperationObject} operation
 */
const isForClients = (path, { tags }) => !tags.includes(INGEST_TAG) && !PAGES.includes(path);

/**
 * The operations of the client, in the document's order.
 * @param {Document} document
 */
export function readOperations(document) {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, operation]) => isForClients(path, operation))
      .map(([method, operation]) => readOperation(document, method.toUpperCase(), path, operation)),
  );
  refuseDuplicates(operations);
  return operations;
}

/**
 * The named schemas that a type expression mentions.
 * @param {Document} document
 * @param {string} text
 */
export function namesIn(document, text) {
  const words = new Set(text.match(/\w+/g));
  return Object.keys(document.components.schemas).filter((name) => words.has(nameOfRef(name)));
}
