import fc from "fast-check";
import { beforeEach, expect, it } from "vitest";
import { unwrap } from "../../src/client/index.ts";
import { client, createDestination, createIntegration, faultsOf, request } from "../support/api.ts";
import { runs } from "../support/runs.ts";

const NAMES = [
  "name",
  "type",
  "enabled",
  "url",
  "auth",
  "token",
  "header",
  "scheme",
  "secret",
  "allowed_ips",
  "options",
  "capture_additional_data",
  "default_urgency",
  "response",
  "rate_limit",
  "method",
  "headers",
  "signing",
  "payload",
  "mode",
  "timeout_ms",
  "retry_schedule",
  "integration_ids",
  "destination_ids",
  "event_types",
  "match",
  "group_window_seconds",
  "group_by",
  "group_attributes",
  "id",
  "__proto__",
  "constructor",
  "toString",
  "",
];
const nasty = fc.constantFrom(
  "\u0000",
  "\ud800",
  "x\udc00",
  "pagertree",
  "webhook",
  "token",
  "none",
  "standard-webhooks",
  "POST",
  "https://hooks.example.com",
  "https://[::1",
  "http://%",
  "whsec_",
  "alert.created",
  "a\r\nb",
  "💥",
  "' OR 1=1 --",
);
const text = fc.oneof(nasty, fc.string(), fc.string({ unit: "binary" }));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    text,
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(0, -1, 1.5, 1e308, -1e308, 1e21, 2 ** 53, 1000, 86_400),
    fc.double(),
    fc.array(tie("value"), { maxLength: 4 }),
    tie("map"),
  ),
  map: fc
    .array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), text), tie("value")), { maxLength: 8 })
    .map((entries) => Object.fromEntries(entries)),
}));
const map = fc
  .array(
    fc.tuple(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...NAMES) }, { weight: 1, arbitrary: text }), value),
    {
      maxLength: 10,
    },
  )
  .map((entries) => Object.fromEntries(entries));

let ids: readonly string[] = [];

beforeEach(async () => {
  const integration = await createIntegration({ auth: { type: "token" } });
  const destination = await createDestination();
  const route = unwrap(await client.routes.create({ name: "r", destination_ids: [destination.id] }));
  ids = [`/integrations/${integration.id}`, `/destinations/${destination.id}`, `/routes/${route.id}`];
});

it("no body makes a POST or a PATCH fail on our side", async () => {
  const valid = fc.constantFrom(
    {},
    { name: "a", type: "pagertree" },
    { name: "a", url: "https://hooks.example.com" },
    { name: "a", destination_ids: ["x"] },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(2), fc.boolean(), valid, map, async (index, isPost, base, more) => {
      const path = ids[index] ?? "";
      const body = JSON.stringify({ ...base, ...more });
      const reply = await request(isPost ? `/${path.split("/")[1]}` : path, {
        method: isPost ? "POST" : "PATCH",
        body,
      });
      expect([200, 201, 400]).toContain(reply.status);
      if (reply.status === 400) expect(faultsOf(reply).length).toBeGreaterThan(0);
      expect((await request(path)).status).toBe(200);
    }),
    { numRuns: runs(2_000) },
  );
});

it("no text makes a POST fail on our side", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(2),
      fc.oneof(
        text,
        fc.json(),
        value.map((each) => JSON.stringify(each)),
      ),
      async (index, body) => {
        const reply = await request(`/${(ids[index] ?? "").split("/")[1]}`, {
          method: "POST",
          body,
        });
        expect(reply.status).toBe(400);
      },
    ),
    { numRuns: runs(1_000) },
  );
});

it("no depth and no number makes a POST fail on our side", async () => {
  const deep = (open: string, close: string) => `${open.repeat(40_000)}1${close.repeat(40_000)}`;
  for (const [name, body] of [
    ["options", deep("[", "]")],
    ["options", deep('{"a":', "}")],
    ["headers", deep('{"a":', "}")],
    ["match", deep('{"a":', "}")],
    ["retry_schedule", deep("[", "]")],
    ["timeout_ms", "1e999"],
    ["timeout_ms", `1${"0".repeat(10_000)}`],
    ["enabled", "-0"],
    ["nope", deep('{"a":', "}")],
  ]) {
    for (const path of ids) {
      for (const reply of [
        await request(`/${path.split("/")[1]}`, { method: "POST", body: `{"name":"a","${name}":${body}}` }),
        await request(path, { method: "PATCH", body: `{"${name}":${body}}` }),
      ]) {
        expect(reply.status).toBe(400);
      }
    }
  }
});

it("no query makes a list fail on our side", async () => {
  const names = [
    "limit",
    "cursor",
    "status",
    "integration_id",
    "destination_id",
    "event_id",
    "outcome",
    "type",
    "alert_id",
  ];
  const values = fc.oneof(text, fc.constantFrom("1", "250", "delivered", "open", "created", "ZXZ0XzE", "AAAA"));
  const query = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...names), text), values), { maxLength: 4 });
  const resources = fc.constantFrom("integrations", "destinations", "routes", "events", "alerts", "deliveries");
  await fc.assert(
    fc.asyncProperty(resources, query, fc.boolean(), async (resource, pairs, isEncoded) => {
      const part = (one: string) => (isEncoded ? encodeURIComponent(one.toWellFormed()) : one.replaceAll("#", ""));
      const search = pairs.map(([name, one]) => `${part(name)}=${part(one)}`).join("&");
      const reply = await request(`/${resource}?${search}`);
      expect([200, 400]).toContain(reply.status);
      if (reply.status === 400) expect(faultsOf(reply).length).toBeGreaterThan(0);
    }),
    { numRuns: runs(2_000) },
  );
});

it("no id makes a look-up fail on our side", async () => {
  const resources = fc.constantFrom("integrations", "destinations", "routes", "events", "alerts", "deliveries");
  await fc.assert(
    fc.asyncProperty(resources, text, async (resource, id) => {
      const encoded = encodeURIComponent(id.toWellFormed());
      const reply = await request(`/${resource}/${encoded}`);
      expect([404, 200]).toContain(reply.status);
      if (reply.status === 200) expect(["", ".", ".."]).toContain(id);
    }),
    { numRuns: runs(1_000) },
  );
});
