import fc from "fast-check";
import { expect, it } from "vitest";
import { client, faultsOf, request, statusOf } from "../../support/api.ts";
import { SEED, runs } from "../../support/runs.ts";
import { tables } from "../../support/tables.ts";
import { send } from "./gateway.ts";

// A document is written by whoever may write, so its keys and values are anything.

const URL = "https://hooks.example.com/in";
const keys = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "a [dst_1]",
    "a [int_1] [dst_2]",
    "..",
    "\ud800",
    "\u0000",
    "x".repeat(400),
  ),
  fc.string({ unit: "binary", minLength: 1, maxLength: 8 }),
);
const references = fc.oneof(
  fc.record({ env: fc.oneof(fc.constantFrom("A", "__proto__", "toString"), fc.string()) }),
  fc.constantFrom<unknown>(null, 5, {}, [], { env: {} }, { env: "A", more: 1 }),
);
const destinations = fc.record(
  {
    url: fc.oneof(fc.constant<unknown>(URL), fc.webUrl(), references),
    name: fc.oneof<fc.Arbitrary<unknown>[]>(keys, references),
    auth: fc.oneof(
      references,
      fc.record({ type: fc.constantFrom("bearer", "basic", "x"), token: references, password: references }),
    ),
    signing: fc.oneof(
      references,
      fc.record({ scheme: fc.constantFrom("hmac", "standard-webhooks"), secret: references }),
    ),
    headers: fc.oneof(references, fc.dictionary(keys, fc.oneof(references, fc.string()))),
    payload: fc.record({
      mode: fc.constant("preset"),
      preset: fc.constantFrom("pagerduty", "slack"),
      options: fc.oneof(references, fc.dictionary(keys, references)),
    }),
    enabled: fc.oneof(fc.boolean(), references),
  },
  { requiredKeys: [] },
);
const integrations = fc.record(
  {
    type: fc.constantFrom<unknown>("catch", "rules", "__proto__", null),
    auth: fc.oneof(
      references,
      fc.record({
        type: fc.constantFrom("signature", "token"),
        scheme: fc.constantFrom("hmac", "github", "x"),
        secret: references,
        token: references,
      }),
    ),
    options: references,
  },
  { requiredKeys: [] },
);
const routes = fc.record(
  {
    integrations: fc.oneof(references, fc.array(fc.oneof<fc.Arbitrary<unknown>[]>(keys, references))),
    destinations: fc.oneof(references, fc.array(fc.oneof<fc.Arbitrary<unknown>[]>(keys, references))),
    match: references,
  },
  { requiredKeys: [] },
);
const documents = fc.record({
  version: fc.constant(1),
  integrations: fc.dictionary(keys, fc.oneof(integrations, references), { maxKeys: 3 }),
  destinations: fc.dictionary(keys, fc.oneof(destinations, references), { maxKeys: 3 }),
  routes: fc.dictionary(keys, fc.oneof(routes, references), { maxKeys: 3 }),
});

it("any document is applied or refused with the fields that are wrong, and never fails", async () => {
  await fc.assert(
    fc.asyncProperty(documents, fc.dictionary(keys, fc.string()), fc.boolean(), async (document, secrets, prune) => {
      const result = await send(document, { prune }, secrets);
      expect([200, 400]).toContain(statusOf(result));
      if (!result.ok) expect(faultsOf(result).length).toBeGreaterThan(0);
      expect(statusOf(await client.config.get())).toBe(200);
    }),
    { numRuns: runs(150), seed: SEED },
  );
}, 60_000);

it("a value of a secret is found among own members only", async () => {
  const auth = { type: "bearer", token: { env: "toString" } };
  expect(faultsOf(await send({ version: 1, destinations: { a: { url: URL, auth } } }))).toEqual([
    "destinations.a.auth.token",
  ]);
});

it("the key __proto__ is refused, and a thing of that name has another key", async () => {
  const body = `{"version":1,"destinations":{"__proto__":{"url":"${URL}"}}}`;
  expect((await request("/config", { method: "PUT", body })).status).toBe(400);
  expect(await tables.destinations.count()).toBe(0);
  await client.destinations.create({ name: "__proto__", url: URL });
  expect((await request("/config")).text).toMatch(/"destinations":\{"__proto__ \[dst_/);
});
