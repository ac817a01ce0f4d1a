import fc from "fast-check";
import { expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { client, unchecked } from "../../support/api.ts";
import example from "../../fixtures/config.json" with { type: "json" };
import { SEED, runs } from "../../support/runs.ts";
import { apply, empty, pull, valuesFor } from "./gateway.ts";

const WHSEC = `whsec_${"A".repeat(43)}=`;

const names = fc.oneof(
  fc.constantFrom(
    "a",
    "b",
    "chat",
    "Chat",
    "1",
    "2",
    "a b",
    "a.b",
    "__proto__",
    "constructor",
    "x [dst_0000]",
    "größe",
    " pad ",
  ),
  fc
    .string({ unit: fc.constantFrom(..."ab1.-_ é[]"), minLength: 1, maxLength: 5 })
    .filter((text) => text.trim() !== ""),
);
const externalIds = fc.option(fc.constantFrom("a", "b", "chat", "x-1", "y.2", "1"), { freq: 2 });
const rateLimits = fc.option(
  fc.record({ requests: fc.integer({ min: 1, max: 9 }), period_seconds: fc.integer({ min: 1, max: 9 }) }),
);

const integrations = fc.record({
  name: names,
  external_id: externalIds,
  enabled: fc.boolean(),
  rate_limit: rateLimits,
  allowed_ips: fc.option(fc.constant(["192.0.2.0/24"])),
  handshake: fc.constantFrom(
    null,
    { echo: { from: "query", name: "crc_token" }, as: "json", name: "response_token" },
    { echo: { from: "header", name: "x-challenge" }, as: "text" },
  ),
  response: fc.constantFrom(null, { status: 202, headers: { "x-a": "b" }, body: "text" }, { body: { ok: true } }),
  auth: fc.constantFrom(
    { type: "none" },
    { type: "token" },
    { type: "token", header: "x-token", token: "given" },
    { type: "basic", username: "me" },
    { type: "bearer" },
    { type: "signature", scheme: "github", secret: "0123456789abcdef" },
    { type: "signature", scheme: "standard-webhooks" },
    { type: "signature", scheme: "hmac", header: "x-signature", secret: "s", encoding: "base64", prefix: "v=" },
    { type: "signature", scheme: "asana" },
    { type: "signature", scheme: "asana", secret: "0123456789abcdef" },
    { type: "signature", scheme: "meta", secret: "0123456789abcdef0123456789abcdef" },
  ),
  kind: fc.constantFrom(
    { type: "pagertree", options: { title_template: "{{ data.Title }}", default_urgency: "high" } },
    { type: "pagertree", options: {} },
    { type: "catch", options: { child_key: "a.b", raw: true } },
    { type: "retrace", options: { expect_every_minutes: 5 } },
    { type: "rules", options: { rule_set: "alertmanager" } },
    { type: "thousandeyes", options: {} },
  ),
});

const destinations = fc.record({
  name: names,
  external_id: externalIds,
  enabled: fc.boolean(),
  rate_limit: rateLimits,
  timeout_ms: fc.constantFrom(10_000, 5_000),
  retry_schedule: fc.option(fc.constant([5, 60])),
  max_concurrency: fc.option(fc.integer({ min: 1, max: 5 })),
  target: fc.oneof(
    fc.constant({ type: "document", options: { key: "log/{{ id }}.json" } }),
    fc.constant({
      type: "s3",
      url: "https://store.example.com",
      auth: { type: "aws_sigv4", access_key_id: "A", secret_access_key: "s" },
      options: { bucket: "orchard" },
    }),
    fc.record({
      url: fc.constantFrom("https://a.example.com/", "https://b.example.com/path?q=1"),
      method: fc.constantFrom("POST", "PUT"),
      forward_headers: fc.constantFrom([], ["x-github-event", "ce-type"]),
      headers: fc.constantFrom({}, { "x-b": "1", "x-api-key": "k", "x-a": "2" }),
      auth: fc.constantFrom(
        { type: "none" },
        { type: "basic", username: "me", password: "p" },
        { type: "bearer", token: "t" },
        { type: "aws_sigv4", access_key_id: "A", secret_access_key: "s", region: "eu-west-1", service: "lambda" },
        { type: "aws_sigv4", access_key_id: "A", secret_access_key: "s", session_token: "t" },
        { type: "oauth2_client_credentials", token_url: "https://t.example.com/", client_id: "c", client_secret: "s" },
        {
          type: "oauth2_authorization_code",
          token_url: "https://t.example.com/",
          auth_url: "https://t.example.com/a",
          client_id: "c",
          scope: "a b",
        },
      ),
      signing: fc.constantFrom(
        { scheme: "standard-webhooks" },
        { scheme: "standard-webhooks", secret: WHSEC },
        { scheme: "standard-webhooks-ed25519" },
        { scheme: "rfc9421" },
        { scheme: "rfc9421", algorithm: "hmac-sha256" },
        { scheme: "hmac", header: "x-sig", algorithm: "sha512" },
        { scheme: "none" },
      ),
      payload: fc.constantFrom(
        { mode: "envelope" },
        { mode: "original" },
        { mode: "template", body: "{}" },
        { mode: "preset", preset: "slack" },
        {
          mode: "preset",
          preset: "pagerduty",
          options: { routing_key: "0123456789abcdef0123456789abcdef", source: "s" },
        },
      ),
    }),
  ),
});

const routes = fc.record({
  name: names,
  external_id: externalIds,
  enabled: fc.boolean(),
  from: fc.option(fc.array(fc.nat(), { minLength: 1, maxLength: 3 })),
  to: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
  event_types: fc.option(fc.constant(["alert.created", "alert.resolved"])),
  match: fc.option(fc.constant({ "data.alert.urgency": { $in: ["high"] }, type: "alert.created" })),
  group_window_seconds: fc.constantFrom(0, 60),
  group_by: fc.option(fc.constant("{{ data.alert.key }}")),
  group_attributes: fc.option(fc.constant(["a.b"])),
});

const configurations = fc.record({
  integrations: fc.array(integrations, { maxLength: 4 }),
  destinations: fc.array(destinations, { maxLength: 4 }),
  routes: fc.array(routes, { maxLength: 3 }),
});

/** An external_id is unique, so later things go without it. */
function unique<T extends { readonly external_id: string | null }>(things: readonly T[]): T[] {
  const seen = new Set<string | null>();
  return things.map((thing) => {
    const isTaken = seen.has(thing.external_id);
    seen.add(thing.external_id);
    return isTaken ? { ...thing, external_id: null } : thing;
  });
}

async function build(configuration: typeof configurations extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
  const made: { integrations: string[]; destinations: string[] } = { integrations: [], destinations: [] };
  for (const { kind, ...rest } of unique(configuration.integrations)) {
    made.integrations.push(unwrap(await client.integrations.create(unchecked({ ...rest, ...kind }))).id);
  }
  for (const { target, ...rest } of unique(configuration.destinations)) {
    made.destinations.push(unwrap(await client.destinations.create(unchecked({ ...rest, ...target }))).id);
  }
  const pick = (ids: readonly string[], indexes: readonly number[]) =>
    indexes.flatMap((index) => ids[index % Math.max(1, ids.length)] ?? []);
  for (const { from, to, ...rest } of unique(configuration.routes)) {
    const destination_ids = pick(made.destinations, to);
    if (destination_ids.length === 0) continue;
    const named = from === null ? [] : pick(made.integrations, from);
    const integration_ids = named.length === 0 ? null : named;
    unwrap(await client.routes.create(unchecked({ ...rest, integration_ids, destination_ids })));
  }
}

it("any configuration, exported, applied to an empty gateway and exported again, has the same bytes", async () => {
  await fc.assert(
    fc.asyncProperty(configurations, async (configuration) => {
      await empty();
      await build(configuration);
      const { text } = await pull();
      // On its own gateway it changes nothing.
      expect((await apply(text, { dry_run: true, prune: true })).changes).toEqual([]);
      await empty();
      await apply(text, {}, valuesFor(text));
      expect((await pull()).text).toBe(text);
      expect((await apply(text, { prune: true })).changes).toEqual([]);
      expect((await apply(text, { prune: true }, valuesFor(text))).changes).toEqual([]);
    }),
    { numRuns: runs(60), seed: SEED },
  );
}, 120_000);

it("the document of the fixtures is what a gateway exports that was made from it", async () => {
  const text = JSON.stringify(example);
  await apply(text, {}, valuesFor(text));
  expect(JSON.parse((await pull()).text)).toEqual(example);
  expect((await pull()).text).toBe(text);
});

it("a route that lost what it named is exported and applied as it is", async () => {
  await empty();
  const destination = unwrap(await client.destinations.create({ name: "a", url: "https://a.example.com/" }));
  const integration = unwrap(await client.integrations.create({ name: "a", type: "catch" }));
  const ids = { integration_ids: [integration.id], destination_ids: [destination.id] };
  await client.routes.create({ name: "all", ...ids });
  await client.destinations.delete(destination.id, { force: true });
  await client.integrations.delete(integration.id);
  const { text } = await pull();
  expect(text).toContain('"integrations":[],"destinations":[]');
  expect((await apply(text)).changes).toEqual([]);
  await empty();
  await apply(text);
  expect((await pull()).text).toBe(text);
});
