import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { buildConfigSchema } from "../../src/api/config/schema.ts";
import document from "../../src/api/openapi/document.json" with { type: "json" };
import example from "../fixtures/config.json" with { type: "json" };

const validate = new Ajv2020({ strict: false, allErrors: true }).compile(
  buildConfigSchema(document.components.schemas),
);

/** Why a document does not fit the schema. */
function faultsOf(given: unknown): string[] {
  validate(given);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

test("what a gateway exports fits the schema", () => {
  expect(faultsOf(example)).toEqual([]);
});

test("the examples of the documentation fit the schema", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/config-as-code.md"), "utf8");
  const blocks = [...page.matchAll(/^```json\n([\s\S]*?)^```/gm)].map(([, block = ""]) => block);
  expect(blocks).toHaveLength(1);
  for (const block of blocks) expect(faultsOf(JSON.parse(block))).toEqual([]);
});

const URL = "https://hooks.example.com/in";

test.each([
  ["another version", { version: 2 }],
  ["no version", {}],
  ["a kind that is unknown", { version: 1, tokens: {} }],
  ["an integration without a type", { version: 1, integrations: { a: {} } }],
  ["an integration of an unknown type", { version: 1, integrations: { a: { type: "slack" } } }],
  ["an external_id", { version: 1, integrations: { a: { type: "catch", external_id: "a" } } }],
  ["a misspelt field", { version: 1, destinations: { a: { uri: URL } } }],
  ["a webhook without a URL", { version: 1, destinations: { a: {} } }],
  ["a time-out that is too short", { version: 1, destinations: { a: { url: URL, timeout_ms: 1 } } }],
  ["a route without destinations", { version: 1, routes: { a: {} } }],
  ["a route that names ids", { version: 1, routes: { a: { destination_ids: ["dst_1"], destinations: ["a"] } } }],
  [
    "a reference with a bad name",
    { version: 1, destinations: { a: { url: URL, auth: { type: "bearer", token: { env: "a b" } } } } },
  ],
  ["a reference where no secret belongs", { version: 1, destinations: { a: { url: { env: "URL" } } } }],
])("the schema refuses %s", (_case, given) => {
  expect(faultsOf(given)).not.toEqual([]);
});
