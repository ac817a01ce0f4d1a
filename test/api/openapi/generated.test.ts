import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import document from "../../../src/api/openapi/document.json" with { type: "json" };
import { OPERATIONS } from "../../../src/api/openapi/build.ts";
import type { Operation } from "../../../src/api/openapi/operation.ts";
import { type Json, type JsonObject, isJsonObject, isList, memberOf } from "../../../src/model/json.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, createDestination, createIntegration } from "../../support/api.ts";
import { runs } from "../../support/runs.ts";
import { createWorld, eventMessage, fakeOutside, processBatch } from "../../support/world.ts";
import { arbitraries } from "./arbitrary.ts";
import { talk } from "./traffic.ts";

// Sends requests that are made from the OpenAPI document. Each answer must have a documented status and its schema, and none may
// be a failure of the gateway. A new endpoint is in the document, and so it is here.

const root: JsonObject = JSON.parse(JSON.stringify(document));
const { by } = arbitraries(root);
const ENDPOINTS = OPERATIONS.filter(({ path }) => path.startsWith("/api/v1/"));

function resolve(value: Json | undefined): JsonObject {
  const reference = memberOf(value, "$ref");
  if (typeof reference !== "string") return isJsonObject(value) ? value : {};
  const names = reference.slice(2).split("/");
  return resolve(names.reduce<Json | undefined>((found, name) => memberOf(found, name), root));
}

const ids = new Map<string, readonly string[]>();

/** Ids of what exists, by the first part of a path. */
async function prepare(): Promise<void> {
  fakeOutside();
  const integration = await createIntegration();
  const destination = await createDestination();
  const written = unwrap(await client.destinations.create({ name: "a", type: "document", options: { key: "a" } }));
  const route = unwrap(await client.routes.create({ name: "a", destination_ids: [destination.id] }));
  const token = unwrap(await client.tokens.create({ name: "a", scopes: ["read"] }));
  const message = { ...eventMessage("create", "disk"), integration_id: integration.id };
  await processBatch(createWorld().context, [message]);
  const idsIn = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);
  ids.set("integrations", [integration.id]);
  ids.set("destinations", [destination.id, written.id]);
  ids.set("routes", [route.id]);
  ids.set("tokens", [token.id]);
  ids.set("events", [message.id]);
  ids.set("alerts", idsIn(unwrap(await client.alerts.list()).data));
  ids.set("deliveries", idsIn(unwrap(await client.deliveries.list()).data));
}

beforeEach(prepare);

function addressOf({ path }: Operation): fc.Arbitrary<string> {
  const short = path.replace("/api/v1", "");
  if (!short.includes("{")) return fc.constant(short);
  const known = ids.get(short.split("/")[1] ?? "") ?? [];
  const id = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...known, "none_0") },
    { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 10 }).filter((value) => !/^\.*$/.test(value)) },
  );
  return id.map((value) => short.replace("{id}", encodeURIComponent(value)).replace("{key}", "a/b.json"));
}

function queryOf(operation: JsonObject): fc.Arbitrary<string> {
  const parameters = isList(operation["parameters"]) ? operation["parameters"].map(resolve) : [];
  const pairs = parameters
    .filter((parameter) => parameter["in"] === "query")
    .map(({ name, schema }) => fc.option(by(schema).map((value) => [String(name), String(value)] as const)));
  if (pairs.length === 0) return fc.constant("");
  return fc.tuple(...pairs).map((given) => {
    const query = new URLSearchParams();
    for (const pair of given) if (pair !== null) query.set(pair[0], pair[1]);
    return query.size === 0 ? "" : `?${query.toString()}`;
  });
}

function bodyOf(operation: JsonObject): fc.Arbitrary<object | undefined> {
  const schema = memberOf(memberOf(memberOf(operation["requestBody"], "content"), "application/json"), "schema");
  if (schema === undefined) return fc.constant(undefined);
  return by(schema).map((value) => (typeof value === "object" && value !== null ? value : {}));
}

function requestsOf(operation: Operation): fc.Arbitrary<[address: string, query: string, body: object | undefined]> {
  const declared = resolve(memberOf(memberOf(root["paths"], operation.path), operation.method.toLowerCase()));
  return fc.tuple(addressOf(operation), queryOf(declared), bodyOf(declared));
}

/** The same requests in each run, whatever its seed is, so that what they reach does not depend on it. */
const FIXED = { seed: 1, numRuns: 20 } as const;
const reached = new Set<string>();

/** Sends the fixed requests until one succeeds. */
async function reach(operation: Operation): Promise<void> {
  for (const [address, query, body] of fc.sample(requestsOf(operation), FIXED)) {
    const { status, text } = await talk(operation.method, address + query, body);
    expect(status, text).toBeLessThan(500);
    if (status >= 300) continue;
    reached.add(operation.id);
    return;
  }
}

describe("every request that the document describes gets an answer that it describes:", () => {
  it.each(ENDPOINTS.map((operation) => [operation.id, operation] as const))("%s", async (_id, operation) => {
    await reach(operation);
    // What was reached may have been deleted.
    if (operation.method !== "GET") await prepare();
    await fc.assert(
      fc.asyncProperty(requestsOf(operation), async ([address, query, body]) => {
        const { status, text } = await talk(operation.method, address + query, body);
        expect(status, text).toBeLessThan(500);
      }),
      { numRuns: runs(40) },
    );
  });
});

it("most operations were reached beyond the check of their input", () => {
  expect(reached.size).toBeGreaterThan(ENDPOINTS.length * 0.6);
});
