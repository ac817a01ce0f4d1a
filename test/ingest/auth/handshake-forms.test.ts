import { beforeEach, describe, expect, it } from "vitest";
import { app } from "../../../src/app.ts";
import { createIntegration, unchecked } from "../../support/api.ts";
import { bindingsWith, fakeQueue } from "../../support/bindings.ts";

// Handshakes in every spelling that HTTP allows, and on every address of an integration.

let { queue, sent } = fakeQueue();
let bindings = bindingsWith({});

beforeEach(() => {
  ({ queue, sent } = fakeQueue());
  bindings = bindingsWith({ EVENTS: queue });
});

type Sent = {
  readonly method?: string;
  readonly path?: (id: string) => string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
};

async function send(fields: object, how: Sent): Promise<Response> {
  const { method = "POST", path = (id) => `/integration/${id}`, query = "", headers = {}, body = "" } = how;
  const { id } = await createIntegration(unchecked({ type: "catch", ...fields }));
  const hasBody = method !== "GET" && method !== "HEAD";
  const length = hasBody ? { "content-length": String(new TextEncoder().encode(body).byteLength) } : {};
  const init = { method, headers: { ...length, ...headers }, ...(hasBody ? { body } : {}) };
  return await app.request(`https://gate.example.net${path(id)}${query}`, init, bindings);
}

const PATHS: readonly (readonly [string, (id: string) => string])[] = [
  ["its address", (id) => `/integration/${id}`],
  ["a trailing slash", (id) => `/integration/${id}/`],
  ["the address of catch hooks", (id) => `/hooks/catch/${id}`],
  ["the silent address", (id) => `/hooks/catch/${id}/silent`],
  ["the silent address with a slash", (id) => `/hooks/catch/${id}/silent/`],
];

const JSON_TYPE = { "content-type": "application/json" };
const MARKUP = "<script>alert('1')</script>";
const ENCODED = encodeURIComponent(MARKUP);

describe.each(PATHS)("a handshake at %s", (_, path) => {
  it.each<readonly [string, Sent, string]>([
    ["Graph", { query: `?validationToken=${ENCODED}` }, MARKUP],
    ["Dropbox", { method: "GET", query: `?challenge=${ENCODED}` }, MARKUP],
    ["WebSub", { method: "GET", query: `?hub.mode=subscribe&hub.topic=t&hub.challenge=${ENCODED}` }, MARKUP],
    ["monday.com", { headers: JSON_TYPE, body: JSON.stringify({ challenge: MARKUP }) }, `{"challenge":"${MARKUP}"}`],
  ])("%s gets what cannot run in a browser", async (_name, how, expected) => {
    const response = await send({}, { ...how, path });
    expect([response.status, await response.text()]).toEqual([200, expected]);
    expect(response.headers.get("content-type")).toMatch(/^(text\/plain|application\/json)/);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(sent).toEqual([]);
  });

  it("is 410 while the integration is disabled, and echoes nothing", async () => {
    for (const how of [
      { query: "?validationToken=echo-me" },
      { method: "GET", query: "?challenge=echo-me" },
      { headers: { "x-hook-secret": "echo-me" } },
    ]) {
      const response = await send({ enabled: false }, { ...how, path });
      expect(response.status).toBe(410);
      expect(response.headers.has("x-hook-secret")).toBe(false);
      expect(await response.text()).not.toContain("echo-me");
    }
  });
});

describe("a challenge that is too long", () => {
  const long = "x".repeat(1_025);
  const longest = "x".repeat(1_024);
  const forms = (value: string): readonly Sent[] => [
    { query: `?validationToken=${value}` },
    { method: "GET", query: `?challenge=${value}` },
    { method: "GET", query: `?hub.mode=subscribe&hub.topic=t&hub.challenge=${value}` },
    { method: "GET", headers: { "x-okta-verification-challenge": value } },
    { headers: { "x-hook-secret": value } },
    { headers: JSON_TYPE, body: JSON.stringify({ challenge: value }) },
    { headers: JSON_TYPE, body: JSON.stringify({ type: "url_verification", challenge: value }) },
    {
      headers: { ...JSON_TYPE, "aeg-event-type": "SubscriptionValidation" },
      body: JSON.stringify([{ data: { validationCode: value } }]),
    },
  ];

  it("is not echoed, and the longest one is", async () => {
    for (const how of forms(long)) {
      const response = await send({}, how);
      expect(`${await response.text()} ${response.headers.get("x-hook-secret")}`).not.toContain("xxxx");
    }
    for (const how of forms(longest)) {
      const response = await send({}, how);
      expect(`${await response.text()} ${response.headers.get("x-hook-secret")}`).toContain(longest);
    }
  });
});

describe("a method that the handshake does not have", () => {
  it.each<readonly [string, Sent]>([
    ["PUT with Graph's token", { method: "PUT", query: "?validationToken=echo-me" }],
    ["GET with Graph's token", { method: "GET", query: "?validationToken=echo-me" }],
    ["POST with Dropbox's challenge", { query: "?challenge=echo-me", headers: JSON_TYPE, body: "{}" }],
    ["POST with WebSub's", { query: "?hub.mode=subscribe&hub.challenge=echo-me", headers: JSON_TYPE, body: "{}" }],
    ["PUT with Asana's key", { method: "PUT", headers: { "x-hook-secret": "echo-me" } }],
    ["POST with Okta's", { headers: { "x-okta-verification-challenge": "echo-me" }, body: "a=1" }],
    ["HEAD with a challenge", { method: "HEAD", query: "?challenge=echo-me" }],
    ["HEAD with Asana's key", { method: "HEAD", headers: { "x-hook-secret": "echo-me" } }],
  ])("echoes nothing: %s", async (_, how) => {
    const response = await send({}, how);
    expect(response.headers.has("x-hook-secret")).toBe(false);
    expect(await response.text()).not.toContain("echo-me");
  });
});

describe("an integration that describes its handshake", () => {
  const FORM = { "content-type": "application/x-www-form-urlencoded" };
  const FROM: Readonly<Record<string, Sent>> = {
    query: { method: "GET", query: "?a=1&hub.code=c-1%2B%C3%A9" },
    header: { method: "GET", headers: { "hub.code": "c-1+" } },
    body: { headers: JSON_TYPE, body: '{"hub":{"code":"c-1+"}}' },
  };
  const AS = ["text", "json", "header"] as const;
  const CASES = Object.entries(FROM).flatMap(([from, how]) => AS.map((as) => [from, as, how] as const));

  it.each(CASES)("echoes what comes in the %s as %s", async (from, as, how) => {
    const handshake = { echo: { from, name: "hub.code" }, as, ...(as === "text" ? {} : { name: "x-answer" }) };
    const isText = from === "query";
    const expected = isText ? "c-1+é" : "c-1+";
    const response = await send({ handshake }, how);
    // A header holds no letters outside ASCII, so that such a request is a webhook.
    if (as === "header" && isText) expect(response.headers.has("x-answer")).toBe(false);
    else if (as === "header") expect(response.headers.get("x-answer")).toBe(expected);
    else expect(await response.text()).toBe(as === "json" ? `{"x-answer":"${expected}"}` : expected);
    expect(sent).toHaveLength(as === "header" && isText ? 1 : 0);
  });

  it.each([
    ["a form", FORM, "hub.code=c-1%2B&b=2"],
    ["a member whose name has a dot", JSON_TYPE, '{"hub.code":"c-1+"}'],
    ["a path", JSON_TYPE, '{"hub":{"code":"c-1+"}}'],
  ])("finds it in %s", async (_, headers, body) => {
    const handshake = { echo: { from: "body", name: "hub.code" }, as: "text" };
    expect(await (await send({ handshake }, { headers, body })).text()).toBe("c-1+");
    expect(sent).toEqual([]);
  });

  it("is not answered without a signature that its sender makes, but before other credentials", async () => {
    const handshake = { echo: { from: "query", name: "code" }, as: "text" };
    const how = { method: "GET", query: "?code=echo-me" };
    const slack = await send({ handshake, auth: { type: "signature", scheme: "slack", secret: "s" } }, how);
    expect([slack.status, (await slack.text()).includes("echo-me")]).toEqual([401, false]);
    for (const auth of [{ type: "token" }, { type: "signature", scheme: "github" }]) {
      expect(await (await send({ handshake, auth }, how)).text()).toBe("echo-me");
    }
  });
});

describe("Event Grid's code", () => {
  const event = { eventType: "Microsoft.EventGrid.SubscriptionValidationEvent", data: { validationCode: "c0de" } };

  it.each<readonly [string, Record<string, string>, unknown]>([
    ["the header in lower case", { "aeg-event-type": "subscriptionvalidation" }, [event]],
    ["no header", {}, [event]],
    ["no list", {}, event],
  ])("is echoed with %s", async (_, headers, body) => {
    const response = await send({}, { headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) });
    expect(await response.json()).toEqual({ validationResponse: "c0de" });
    expect(sent).toEqual([]);
  });

  it("in another event makes no handshake", async () => {
    const body = JSON.stringify([{ ...event, eventType: "Shop.Validated" }]);
    expect(await (await send({}, { headers: JSON_TYPE, body })).json()).toMatchObject({ status: "success" });
    expect(sent).toHaveLength(1);
  });
});

describe("a handshake that the integration describes", () => {
  it("echoes what is in a list", async () => {
    const handshake = { echo: { from: "body", name: "0.token" }, as: "json", name: "value" };
    const response = await send({ handshake }, { headers: JSON_TYPE, body: '[{"token":"t1"}]' });
    expect(await response.text()).toBe('{"value":"t1"}');
    expect(sent).toEqual([]);
  });
});
