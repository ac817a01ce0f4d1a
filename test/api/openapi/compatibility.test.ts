import { expect, it } from "vitest";
import document from "../../../src/api/openapi/document.json" with { type: "json" };
import type { JsonObject } from "../../../src/model/json.ts";
import { incompatibilities } from "./compatibility.ts";
import released from "./released.json" with { type: "json" };

// released.json is the document of the last release. CONTRIBUTING.md, "Releases", says when to replace it.

function copyOf(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value));
}

it("clients of the last release can use the API", () => {
  expect(incompatibilities(copyOf(released), copyOf(document))).toEqual([]);
});

it("a document is compatible with itself", () => {
  expect(incompatibilities(copyOf(document), copyOf(document))).toEqual([]);
});

const text = { type: "string" };
const thing = { type: "object", properties: { id: text, kind: { enum: ["a", "b"] } }, required: ["id", "kind"] };
const given = { type: "object", properties: { name: { ...text, maxLength: 9 } }, additionalProperties: false };

/** A document with one operation; `more` replaces its parts. */
function documentWith(more: { given?: object; thing?: object; operation?: object } = {}): JsonObject {
  const json = (schema: object) => ({ content: { "application/json": { schema } } });
  const operation = {
    operationId: "things.create",
    parameters: [{ name: "limit", in: "query", schema: { type: "integer", maximum: 250 } }],
    requestBody: json({ $ref: "#/components/schemas/Given" }),
    responses: { 201: json({ $ref: "#/components/schemas/Thing" }), 400: {} },
    ...more.operation,
  };
  const schemas = { Thing: more.thing ?? thing, Given: more.given ?? given };
  return copyOf({ paths: { "/things": { post: operation } }, components: { schemas } });
}

const { properties } = thing;
const [atBody, atAnswer] = ["POST /things body", "POST /things 201"];
const limit = (schema: object, required = false) => ({
  operation: { parameters: [{ name: "limit", in: "query", schema, required }] },
});

it.each([
  ["a removed field", { thing: { ...thing, properties: { id: text } } }, `${atAnswer}.kind: is gone`],
  ["a field that may be missing", { thing: { ...thing, required: ["id"] } }, `${atAnswer}.kind: may be missing now`],
  [
    "a field of another type",
    { thing: { ...thing, properties: { ...properties, id: { type: "integer" } } } },
    `${atAnswer}.id: has the type "integer" instead of "string"`,
  ],
  [
    "a field that may be null",
    { thing: { ...thing, properties: { ...properties, id: { anyOf: [text, { type: "null" }] } } } },
    `${atAnswer}.id: may be null now`,
  ],
  [
    "a removed value",
    { thing: { ...thing, properties: { ...properties, kind: { enum: ["a"] } } } },
    `${atAnswer}.kind: lacks the value "b"`,
  ],
  ["a removed answer", { operation: { responses: {} } }, `${atAnswer}: is gone`],
  ["a required field", { given: { ...given, required: ["name"] } }, `${atBody}.name: is required now`],
  ["a field that is not taken", { given: { ...given, properties: {} } }, `${atBody}.name: is gone`],
  [
    "a stricter field",
    { given: { ...given, properties: { name: { ...text, maxLength: 8 } } } },
    `${atBody}.name: maxLength is stricter`,
  ],
  [
    "a field of fewer values",
    { given: { ...given, properties: { name: { ...text, enum: ["x"] } } } },
    `${atBody}.name: takes only ["x"]`,
  ],
  ["a required parameter", limit({ type: "integer", maximum: 250 }, true), "POST /things query limit: is required now"],
  ["a stricter parameter", limit({ type: "integer", maximum: 50 }), "POST /things query limit: maximum is stricter"],
  ["a removed parameter", { operation: { parameters: [] } }, "POST /things query limit: is gone"],
  ["another id", { operation: { operationId: "x" } }, "POST /things: the operation's id was things.create"],
] as const)("%s is found", (_what, change, expected) => {
  expect(incompatibilities(documentWith(), documentWith(change))).toEqual([expected]);
});

it("a removed operation is found", () => {
  expect(incompatibilities(documentWith(), { paths: {} })).toEqual(["POST /things: is gone"]);
});

it("growth breaks nothing: fields, values and parameters, optional fields of requests, and wider bounds", () => {
  const grown = documentWith({
    thing: { ...thing, properties: { ...properties, kind: { enum: ["a", "b", "c"] }, more: text } },
    given: { ...given, properties: { name: { anyOf: [text, { type: "null" }] }, more: text } },
    ...limit({ type: "number", maximum: 500 }),
  });
  expect(incompatibilities(documentWith(), grown)).toEqual([]);
});
