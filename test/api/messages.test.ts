import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import document from "../../src/api/openapi/document.json" with { type: "json" };
import { componentName } from "../../src/api/schema.ts";
import { type Json, type JsonObject, isJsonObject, isList, memberOf } from "../../src/model/json.ts";
import { INTEGRATION_TYPES } from "../../src/sources/registry.ts";
import { unwrap } from "../../src/client/index.ts";
import { client, createDestination, createIntegration, request } from "../support/api.ts";

// Sends wrong values for every field of every endpoint, as the OpenAPI document lists them, and reads what is said of them.

/** What the messages of the validator contain, and ours do not. */
const RAW =
  /Invalid|Unrecognized|discriminator|expected (?:\w+ to|string|number|int|array|object|boolean|record|one of)|, received |NaN|undefined|[<>]=|Too (?:big|small)|match pattern|\[object/;

const WRONG: readonly Json[] = [
  null,
  true,
  -1,
  1.5,
  1e21,
  "",
  "x",
  "x".repeat(25_000),
  "\u0000",
  [],
  [null],
  [[], {}],
  {},
  { x: null },
];
const WRONG_TEXTS = ["", "x", "-1", "1.5", "99999999999999999999", "\u0000", "x".repeat(2_000)];
const MAX_DEPTH = 6;

const root: Json = JSON.parse(JSON.stringify(document));

function at(value: Json | undefined, ...names: readonly string[]): Json | undefined {
  return names.reduce<Json | undefined>((found, name) => memberOf(found, name), value);
}

function resolve(schema: Json | undefined): JsonObject {
  const reference = memberOf(schema, "$ref");
  if (typeof reference === "string") return resolve(at(root, ...reference.slice(2).split("/")));
  return isJsonObject(schema) ? schema : {};
}

/** The forms that a schema allows. */
function formsOf(schema: Json | undefined): readonly JsonObject[] {
  const whole = resolve(schema);
  const forms = [memberOf(whole, "anyOf"), memberOf(whole, "oneOf"), memberOf(whole, "allOf")].filter(isList).flat();
  return forms.length === 0 ? [whole] : forms.flatMap(formsOf);
}

/** The value that a property must have so that its object has this form; undefined if it is free. */
function fixed(schema: Json): Json | undefined {
  const whole = resolve(schema);
  const { const: only, enum: values } = whole;
  return only ?? (isList(values) && values.length === 1 ? values[0] : undefined);
}

/** Values of a schema with something wrong in each of its fields. */
function wrongValues(schema: Json | undefined, depth = 0): readonly Json[] {
  if (depth > MAX_DEPTH) return [];
  return formsOf(schema).flatMap((form): readonly Json[] => {
    const { items } = form;
    if (items !== undefined) return wrongValues(items, depth + 1).map((item) => [item]);
    const properties = Object.entries(resolve(form["properties"]));
    if (properties.length === 0) return depth === 0 ? [] : WRONG;
    const own = Object.fromEntries(
      properties.flatMap(([name, each]) => {
        const value = fixed(each);
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const free = properties.filter(([name]) => !(name in own));
    const all = WRONG.map((wrong) => ({ ...Object.fromEntries(free.map(([name]) => [name, wrong])), ...own }));
    const nested = free.flatMap(([name, each]) =>
      wrongValues(each, depth + 1)
        .filter((value) => typeof value === "object" && value !== null)
        .map((value) => ({ ...own, [name]: value })),
    );
    return [...all, ...nested];
  });
}

const said = new Set<string>();

const problem = z.object({
  title: z.string(),
  detail: z.string(),
  errors: z.optional(z.array(z.object({ message: z.string() }))),
});

/** Text is sent as it is. */
function bodyOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

async function send(method: string, path: string, body?: unknown): Promise<void> {
  const { status, text } = await request(path, { method, ...(body === undefined ? {} : { body: bodyOf(body) }) });
  expect(status, `${method} ${path} ${JSON.stringify(body)?.slice(0, 500)}`).not.toBe(500);
  if (status < 400) return;
  const { title, detail, errors = [] } = problem.parse(JSON.parse(text));
  for (const { message } of errors) {
    said.add(message);
    expect(message, `${method} ${path} ${JSON.stringify(body)?.slice(0, 500)}`).not.toMatch(RAW);
  }
  for (const sentence of [title, detail]) expect(sentence).not.toMatch(RAW);
}

const ids: Record<string, string> = {};

async function prepare(): Promise<void> {
  ids["integrations"] = (await createIntegration()).id;
  const { id } = await createDestination();
  ids["destinations"] = id;
  ids["routes"] = unwrap(await client.routes.create({ name: "a", destination_ids: [id] })).id;
  ids["tokens"] = unwrap(await client.tokens.create({ name: "a", scopes: ["read"] })).id;
}

function addressOf(path: string): string {
  const [resource = ""] = path.replace("/api/v1/", "").split("/");
  return path
    .replace("/api/v1", "")
    .replace("{id}", ids[resource] ?? "x1")
    .replace("{key}", "x");
}

type Operation = { readonly method: string; readonly path: string; readonly operation: JsonObject };

const OPERATIONS: readonly Operation[] = Object.entries(resolve(at(root, "paths")))
  .filter(([path]) => path.startsWith("/api/v1/"))
  .flatMap(([path, methods]) =>
    Object.entries(resolve(methods)).flatMap(([method, operation]) =>
      ["get", "post", "put", "patch", "delete"].includes(method)
        ? [{ method: method.toUpperCase(), path, operation: resolve(operation) }]
        : [],
    ),
  );

function parametersOf({ operation }: Operation): readonly string[] {
  const { parameters } = operation;
  if (!isList(parameters)) return [];
  return parameters
    .map(resolve)
    .flatMap(({ in: place, name }) => (place === "query" && typeof name === "string" ? [name] : []));
}

describe("no message of the validator reaches a client", () => {
  it.each(OPERATIONS.map((each) => [`${each.method} ${each.path}`, each] as const))("%s", async (_, each) => {
    await prepare();
    const address = addressOf(each.path);
    const schema = at(each.operation, "requestBody", "content", "application/json", "schema");
    for (const body of [...WRONG, ...wrongValues(schema)]) {
      if (schema !== undefined) await send(each.method, address, body);
    }
    for (const name of parametersOf(each)) {
      for (const text of WRONG_TEXTS) await send(each.method, `${address}?${name}=${encodeURIComponent(text)}`);
    }
  });

  it.each(INTEGRATION_TYPES)("options of an integration of type %s", async (type) => {
    const schema = at(root, "components", "schemas", componentName(type, "Options"));
    expect(schema).toBeDefined();
    for (const options of wrongValues(schema)) await send("POST", "/integrations", { name: "a", type, options });
  });
});

it("many fields were reached", () => {
  expect(said.size).toBeGreaterThan(80);
  expect(said).toContain("must be at least 1");
});
