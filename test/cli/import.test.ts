import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { HOSTILE, ROOT, run, temporary } from "./run.ts";

// `import` of saved responses, without a gateway.

const SVIX = join(ROOT, "test/fixtures/import/svix.json");
const HOOKDECK = join(ROOT, "test/fixtures/import/hookdeck-connections.json");
const SECRETS = [
  "key-of-the-bakery",
  "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
  "secret-of-the-shop",
  "token-of-the-warehouse",
  "key-of-the-sender",
];

async function imported(product: string, value: unknown) {
  const input = typeof value === "string" ? value : JSON.stringify(value);
  const { code, stdout, stderr } = await run(["import", product, "--json"], { input });
  expect(code, stderr).toBe(0);
  return { document: JSON.parse(stdout), stderr };
}

test("an application of Svix is an integration, an endpoint a destination with a route", async () => {
  const { code, stdout, stderr } = await run(["import", "svix", SVIX]);
  expect([code, stderr]).toEqual([0, expect.stringContaining("Nothing was changed.")]);
  const { integrations, destinations, routes } = parse(stdout);
  expect(integrations).toEqual({
    acme: {
      name: "Acme Bakery",
      type: "catch",
      options: { fan_out: false },
      auth: { type: "bearer", token: { env: "INTEGRATION_ACME_TOKEN" } },
    },
  });
  expect(destinations["bakery-orders"]).toEqual({
    name: "Orders of the bakery",
    url: "https://bakery.example.com/hooks/orders",
    headers: {
      "X-Shop": "12",
      "X-Api-Key": { env: "DESTINATION_BAKERY_ORDERS_HEADER_X_API_KEY" },
      "X-Hidden": { env: "DESTINATION_BAKERY_ORDERS_HEADER_X_HIDDEN" },
    },
    signing: { scheme: "standard-webhooks", secret: { env: "DESTINATION_BAKERY_ORDERS_SIGNING_SECRET" } },
    payload: { mode: "template", content_type: "application/json", body: "{{ data.event.payload.payload | json }}" },
    rate_limit: { requests: 20, period_seconds: 1 },
  });
  expect(destinations.ep_1srOrx2ZWZBpBUvZwXKQmoEYga4).toMatchObject({ name: "books.example.com", enabled: false });
  expect(routes["bakery-orders"]).toEqual({
    name: "To Orders of the bakery",
    integrations: ["acme"],
    destinations: ["bakery-orders"],
    match: {
      "data.event.payload.eventType": { $in: ["order.created", "order.paid"] },
      "data.event.payload.channels": { $in: ["shop_12"] },
    },
  });
  expect(routes.ep_1srOrx2ZWZBpBUvZwXKQmoEYga4.match).toBeUndefined();
  for (const left of ["throttleRate", "metadata", "createdAt, updatedAt", "secret", "event type order.created"]) {
    expect(stderr).toContain(left);
  }
  for (const secret of SECRETS) expect(stdout + stderr).not.toContain(secret);
});

test("a connection of Hookdeck is a route, and what has no counterpart is named and not delivered", async () => {
  const { document, stderr } = await imported("hookdeck", readFileSync(HOOKDECK, "utf8"));
  const { integrations, destinations, routes } = document;
  expect(integrations.shop).toMatchObject({
    auth: { type: "signature", scheme: "shopify", secret: { env: "INTEGRATION_SHOP_SECRET" } },
    response: { status: 200, headers: { "content-type": "text/plain" }, body: "thanks" },
  });
  expect(integrations.internal.auth).toEqual({
    type: "token",
    header: "x-internal-key",
    token: { env: "INTEGRATION_INTERNAL_TOKEN" },
  });
  expect(destinations.warehouse).toMatchObject({
    auth: { type: "bearer", token: { env: "DESTINATION_WAREHOUSE_TOKEN" } },
    payload: { mode: "original" },
    signing: { scheme: "none" },
    rate_limit: { requests: 5, period_seconds: 1 },
    retry_schedule: [60, 120, 240, 480],
  });
  expect(destinations.audit).toMatchObject({
    max_concurrency: 3,
    signing: { scheme: "hmac", header: "x-hookdeck-signature", encoding: "base64", template: "{{body}}" },
  });
  expect(Object.keys(destinations)).toEqual(["warehouse", "audit"]);
  expect(routes["internal-audit"]).toMatchObject({ enabled: false });
  for (const left of ["delay", "deduplicate", "$ref", "transform", "CLI", "response_status_codes", "description"]) {
    expect(stderr).toContain(left);
  }
  expect(stderr).toContain("connection to-my-machine: all of it");
  for (const secret of SECRETS) expect(JSON.stringify(document) + stderr).not.toContain(secret);
});

test("the document and the secrets go to files, which only their owner can read", async () => {
  const folder = temporary();
  const [file, secrets] = [join(folder, "hookgate.yaml"), join(folder, "secrets")];
  const args = ["import", "hookdeck", HOOKDECK, "--out", file, "--secrets", secrets];
  const { code, stdout } = await run(args);
  expect([code, stdout]).toEqual([0, `Wrote ${file}.\n`]);
  expect(parse(readFileSync(file, "utf8")).version).toBe(1);
  expect(readFileSync(secrets, "utf8")).toContain("export INTEGRATION_SHOP_SECRET='secret-of-the-shop'\n");
  expect(statSync(secrets).mode & 0o777).toBe(0o600);
  const again = await run(args);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("cannot be written")]);
  for (const secret of SECRETS) expect(again.stderr).not.toContain(secret);
});

test("a secret that a shell would read is quoted", async () => {
  const secrets = join(temporary(), "secrets");
  const auth = { header_key: "x-key", api_key: "a'$(touch /tmp/x)`b" };
  const source = { id: "src_1", name: "S", type: "HTTP", authenticated: true, config: { auth_type: "API_KEY", auth } };
  const args = ["import", "hookdeck", "--secrets", secrets];
  expect((await run(args, { input: JSON.stringify({ models: [source] }) })).code).toBe(0);
  expect(readFileSync(secrets, "utf8")).toBe("export INTEGRATION_S_TOKEN='a'\\''$(touch /tmp/x)`b'\n");
});

test("lists of Svix may be bare, or saved in several files", async () => {
  const folder = temporary();
  const save = (name: string, value: unknown): string => {
    const file = join(folder, name);
    writeFileSync(file, JSON.stringify(value));
    return file;
  };
  const application = { id: "app_1", name: "Shop" };
  const endpoint = { id: "ep_1", url: "https://a.example.com", description: "A", eventTypes: ["a.b"] };
  const files = [
    save("a.json", { data: [application], done: true }),
    save("e.json", { data: [endpoint], done: false }),
  ];
  const { code, stdout, stderr } = await run(["import", "svix", ...files, "--json"]);
  expect([code, stderr]).toEqual([0, expect.stringContaining("further pages")]);
  expect(JSON.parse(stdout).routes.ep_1).toMatchObject({
    integrations: ["app_1"],
    match: { "data.event.payload.eventType": { $in: ["a.b"] } },
  });
  expect((await imported("svix", [endpoint])).document.routes.ep_1.integrations).toEqual(["svix"]);
});

test("what Hookdeck's API returned earlier is read, too", async () => {
  const source = { id: "src_1", name: "gh", verification: { type: "GITHUB", configs: { webhook_secret_key: "s" } } };
  const auth_method = { type: "BASIC_AUTH", config: { username: "u", password: "p" } };
  const destination = { id: "des_1", name: "d", url: "https://d.example.com", cli_path: null, auth_method };
  const rules = [{ type: "filter", body: '{"action":"opened"}' }];
  const connection = { id: "web_1", name: "c", source, destination, rules };
  const { document } = await imported("hookdeck", { connections: [connection] });
  expect(document.integrations.gh.auth).toMatchObject({ type: "signature", scheme: "github" });
  expect(document.destinations.d).toMatchObject({
    url: "https://d.example.com",
    auth: { type: "basic", username: "u" },
  });
  expect(document.routes["gh-c"].match).toEqual({ "data.event.payload.action": "opened" });
});

test("a source whose authentication has no counterpart does not accept everything", async () => {
  const sources = [
    { id: "src_1", name: "a", type: "XERO", authenticated: true, config: { auth: { webhook_secret_key: "s" } } },
    { id: "src_2", name: "b", type: "WEBHOOK", authenticated: true },
    { id: "src_3", name: "c", type: "WEBHOOK", authenticated: false },
  ];
  const { document, stderr } = await imported("hookdeck", { models: sources });
  expect(document.integrations.a).toMatchObject({ enabled: false });
  expect(document.integrations.b).toMatchObject({ enabled: false });
  expect(document.integrations.c.enabled).toBeUndefined();
  expect(stderr).toContain("source a: authentication XERO");
});

test("names that collide, or that a key cannot have, stay apart and safe", async () => {
  const url = "https://a.example.com";
  const names = ["x/y", "x y", "__proto__", "int_1", "\u001b[31m\u202e", "n".repeat(400)];
  const destinations = names.map((name, index) => ({ id: `des_${index}`, name, type: "HTTP", config: { url } }));
  const { document, stderr } = await imported("hookdeck", destinations);
  const keys = Object.keys(document.destinations);
  expect(keys).toHaveLength(names.length);
  for (const key of keys) expect(key).toMatch(/^(?!int_)[0-9A-Za-z][\w.-]{0,99}$/);
  expect(stderr).not.toMatch(HOSTILE);
});

const DEEP = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;

describe("a file that is not what the API returns is an error that names the place", () => {
  test.each([
    ["no JSON", "svix", '{"secret":"whsec_hidden",', "stdin is not JSON"],
    ["text", "svix", "whsec_hidden", "stdin is not JSON"],
    ["deep lists", "svix", DEEP, "nested deeper than 64 levels"],
    ["deep objects", "hookdeck", `${'{"a":'.repeat(99)}1${"}".repeat(99)}`, "nested deeper than 64 levels"],
    ["a number", "svix", "7", "stdin must be an object or a list."],
    ["a list of texts", "svix", '["a"]', "stdin[0] must be an object."],
    ["another list", "svix", '[{"id":"x"}]', "stdin[0] must be an application"],
    ["a wrong URL", "svix", '[{"url":7}]', "stdin[0].url must be a text."],
    ["wrong types", "svix", '[{"url":"https://a.example","filterTypes":"a"}]', "stdin[0].filterTypes must be a list"],
    ["a wrong secret", "svix", '[{"url":"https://a.example","secret":{"key":"x"}}]', "stdin[0].secret must be a text."],
    [
      "a wrong flag",
      "svix",
      '[{"url":"https://a.example","disabled":"no"}]',
      "stdin[0].disabled must be true or false",
    ],
    [
      "wrong rules",
      "hookdeck",
      '[{"source":{"name":"a"},"destination":{"name":"b","config":{"url":"c"}},"rules":{}}]',
      "rules must be a list",
    ],
    ["a wrong source", "hookdeck", '[{"source":"a","destination":{}}]', "stdin[0].source must be an object."],
    ["an unknown thing", "hookdeck", '{"models":[{"id":"x"}]}', "stdin.models[0] must be a connection"],
    ["nothing", "hookdeck", '{"models":[],"count":0}', "There is nothing to import"],
    ["a wrong name", "hookdeck", '[{"id":"src_1","name":["a"]}]', "stdin[0].name must be a text."],
  ])("%s", async (_, product, input, message) => {
    const { code, stdout, stderr } = await run(["import", product], { input });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("hidden");
  });

  test("a file that is too large, or too many things", async () => {
    const file = join(temporary(), "large.json");
    writeFileSync(file, `[${" ".repeat(11_000_000)}]`);
    const large = await run(["import", "svix", file]);
    expect([large.code, large.stderr]).toEqual([1, expect.stringContaining("is larger than")]);
    const many = Array.from({ length: 1_001 }, (_, index) => ({ id: `ep_${index}`, url: "https://a.example" }));
    const refused = await run(["import", "svix"], { input: JSON.stringify(many) });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("at most 1000")]);
  });

  test("wrong usage", async () => {
    for (const args of [["import"], ["import", "zapier"], ["import", "svix", SVIX, "--apply", "--out", "x.yaml"]]) {
      expect((await run(args)).code).toBe(64);
    }
    expect(existsSync("x.yaml")).toBe(false);
    const none = await run(["import", "svix", "/nonexistent.json"]);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("does not exist")]);
  });
});
