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

/**
 * Addresses that are not for clients of the API: senders call the ones of this tag, and an integration may return any status and body
 * there; a browser calls the page. The client leaves out what opens a WebSocket, too.
 */
const INGEST_TAG = "ingest";
const PAGES = ["/oauth/callback"];
const TYPE_OF_READING = { text: "string", bytes: "Uint8Array<ArrayBuffer>", nothing: "null" };

/**
 * The name of an operation in the client: its id, whose parts are the groups and the function (`destinations.documents.get`).
 * @param {OperationObject} operation
 */
function nameOf({ operationId }) {
  const groups = operationId.split(".");
  const name = groups.pop() ?? operationId;
  return { groups, name };
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
 * Whether an operation reads a list that comes in pages.
 * @param {Document} document
 * @param {string} method
 * @param {OperationObject} operation
 */
function isPaged(document, method, operation) {
  const schema = operation.responses["200"]?.content?.["application/json"]?.schema;
  const { properties = {} } = schema === undefined ? {} : resolveSchema(document, schema);
  return method === "GET" && properties["data"]?.type === "array" && properties["next_cursor"] !== undefined;
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
  return {
    ...nameOf(operation),
    method,
    path,
    summary: summaryOf(operation, `${method} ${path}`),
    pathParameters: parameters.filter((each) => each.in === "path").map((each) => each.name),
    query: parameters.filter((each) => each.in === "query"),
    body: bodyOf(operation),
    responses: responsesOf(operation),
    takesKey: headers.length > 0,
    isPaged: isPaged(document, method, operation),
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
const isForClients = (path, { tags, responses }) =>
  !tags.includes(INGEST_TAG) && !PAGES.includes(path) && responses["101"] === undefined;

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
