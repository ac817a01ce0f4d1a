import { expect, it } from "vitest";
import * as z from "zod/mini";
import { type Endpoint, endpoint, jsonBody, returns } from "../../src/api/endpoint.ts";
import type { ApiApplication } from "../../src/api/application.ts";
import { mountEndpoints } from "../../src/api/router.ts";
import { ENDPOINTS, RESOURCES } from "../../src/api/endpoints.ts";

// Each @ts-expect-error is a mistake that `npm run check:types` must report: without the error, the type check fails.

const thing = z.strictObject({ id: z.string(), tags: z.array(z.string()) });
const described = { id: "things.get", method: "GET", path: "/things/{id}", summary: "Get a thing" } as const;
const answers = { 200: returns(thing, "The thing.") };

it("a complete declaration gives its handler the parsed request", () => {
  const declared = endpoint({
    ...described,
    scope: "read",
    query: { limit: z._default(z.pipe(z.string(), z.transform(Number)), 5) },
    body: jsonBody(z.strictObject({ count: z.int() }), { count: 1 }),
    answers,
  }).handle(async ({ id, query, body }) => {
    const sum: number = query.limit + body.count;
    return { status: 200, body: { id, tags: [String(sum)] } };
  });
  expect(declared).toMatchObject({ id: "things.get", scope: "read" });
});

it("a declaration without a scope is a type error", () => {
  // @ts-expect-error: `scope` is missing.
  endpoint({ ...described, answers });
  // @ts-expect-error: no such scope.
  endpoint({ ...described, scope: "everybody", answers });
});

it("a declaration without answers is a type error", () => {
  // @ts-expect-error: `answers` is missing.
  endpoint({ ...described, scope: "read" });
});

it("a handler that returns what is not declared is a type error", () => {
  const { handle } = endpoint({ ...described, scope: "read", answers });
  // @ts-expect-error: the status is not declared.
  handle(async () => ({ status: 204, body: null }));
  // @ts-expect-error: the body lacks a property.
  handle(async ({ id }) => ({ status: 200, body: { id } }));
  // @ts-expect-error: a property has another type.
  handle(async ({ id }) => ({ status: 200, body: { id, tags: "none" } }));
  // @ts-expect-error: nothing is returned.
  handle(async () => {});
});

it("a handler that reads what is not declared is a type error", () => {
  const { handle } = endpoint({ ...described, path: "/things", scope: "read", answers });
  // @ts-expect-error: the path has no id.
  handle(async ({ id }) => ({ status: 200, body: { id, tags: [] } }));
  // @ts-expect-error: no query is declared.
  handle(async ({ query }) => ({ status: 200, body: { id: query.name, tags: [] } }));
  // @ts-expect-error: no body is declared.
  handle(async ({ body }) => ({ status: 200, body: { id: body.name, tags: [] } }));
});

it("a route that is not declared cannot be mounted: that is a type error", () => {
  const undeclared = {
    ...described,
    scope: "read",
    answers,
    handler: async () => ({ status: 200, body: {} }),
  } as const;
  // @ts-expect-error: only `endpoint` makes an Endpoint.
  const made: Endpoint = undeclared;
  const mount = (app: ApiApplication) => {
    // @ts-expect-error: only endpoints can be mounted.
    mountEndpoints(app, [undeclared]);
  };
  expect([made, mount]).toHaveLength(2);
});

it("an id names the resource that lists the endpoint, and a verb", () => {
  for (const { tag, endpoints } of RESOURCES) {
    const resource = tag.replaceAll(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());
    for (const { id, path } of endpoints) {
      expect(id).toMatch(new RegExp(`^${resource}(\\.[a-z][A-Za-z]+)+$`));
      expect(path).toMatch(new RegExp(`^/${tag}(/|(\\.schema)?\\.json$|$)`));
    }
  }
});

it("the examples of bodies are accepted", () => {
  const examples = ENDPOINTS.flatMap(({ id, body }) => {
    return body?.kind === "json" && body.example !== undefined
      ? [{ id, schema: body.schema, example: body.example }]
      : [];
  });
  expect(examples.length).toBeGreaterThan(5);
  for (const { id, schema, example } of examples) {
    expect([id, schema.safeParse(example).error]).toEqual([id, undefined]);
  }
});
