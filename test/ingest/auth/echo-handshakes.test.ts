import { beforeEach, describe, expect, it } from "vitest";
import { app } from "../../../src/app.ts";
import { client, createIntegration, statusOf, unchecked } from "../../support/api.ts";
import { bindingsWith, fakeQueue } from "../../support/bindings.ts";

let { queue, sent } = fakeQueue();
let bindings = bindingsWith({});

beforeEach(() => {
  ({ queue, sent } = fakeQueue());
  bindings = bindingsWith({ EVENTS: queue });
});

type Sent = {
  readonly method?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
};

async function send(fields: object, { method = "POST", query = "", headers = {}, body = "" }: Sent): Promise<Response> {
  const { id } = await createIntegration(unchecked({ type: "catch", ...fields }));
  const hasBody = method !== "GET" && method !== "HEAD" && method !== "OPTIONS";
  const length = hasBody ? { "content-length": String(new TextEncoder().encode(body).byteLength) } : {};
  const init = { method, headers: { ...length, ...headers }, ...(hasBody ? { body } : {}) };
  return await app.request(`https://gate.example.net/integration/${id}${query}`, init, bindings);
}

const LONG = "x".repeat(1_025);
const JSON_TYPE = { "content-type": "application/json" };
const ASANA = { "x-hook-secret": "s3cr3t-value" };
const OKTA = { "x-okta-verification-challenge": "o1" };
const GRID = { "aeg-event-type": "SubscriptionValidation" };
const TWITCH = { ...JSON_TYPE, "twitch-eventsub-message-type": "webhook_callback_verification" };
const FORM = { "content-type": "application/x-www-form-urlencoded" };

const ECHOES: readonly (readonly [string, Sent, string])[] = [
  ["Graph", { query: "?validationToken=Validation%3A+a%20b" }, "Validation: a b"],
  ["SharePoint", { query: "?validationtoken=abc" }, "abc"],
  ["Event Grid", { headers: GRID, body: '[{"data":{"validationCode":"c1"}}]' }, '{"validationResponse":"c1"}'],
  ["Dropbox", { method: "GET", query: "?challenge=abc%2B1" }, "abc+1"],
  ["a WebSub hub", { method: "GET", query: "?hub.mode=subscribe&hub.topic=t&hub.challenge=w1" }, "w1"],
  [
    "a WebSub hub that encodes all",
    { method: "GET", query: "?hub%2Emode=subscribe&hub%2Etopic=t&hub%2Echallenge=w%3C1" },
    "w<1",
  ],
  [
    "Meta on an integration without its scheme",
    { method: "GET", query: "?hub.mode=subscribe&hub.verify_token=v&hub.challenge=1158201444" },
    "1158201444",
  ],
  [
    "Strava",
    {
      method: "GET",
      query: "?hub.verify_token=STRAVA&hub.challenge=15f7d1a91c1f40f8a748fd134752feb3&hub.mode=subscribe",
    },
    '{"hub.challenge":"15f7d1a91c1f40f8a748fd134752feb3"}',
  ],
  ["monday.com", { headers: JSON_TYPE, body: '{"challenge":"m1"}' }, '{"challenge":"m1"}'],
  [
    "Slack",
    { headers: JSON_TYPE, body: '{"token":"t","challenge":"s1","type":"url_verification"}' },
    '{"challenge":"s1"}',
  ],
  ["Okta", { method: "GET", headers: OKTA }, '{"verification":"o1"}'],
  ["Twitch", { headers: TWITCH, body: '{"challenge":"t1","subscription":{}}' }, "t1"],
  ["WooCommerce", { headers: FORM, body: "webhook_id=12" }, '{"status":"success"}'],
];

describe("a sender that checks an address", () => {
  it.each(ECHOES)("%s gets its challenge back, and nothing is stored", async (_, request, expected) => {
    const response = await send({}, request);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(expected);
    expect(response.headers.get("content-type")).toMatch(/^(text\/plain|application\/json)/);
    if (expected !== '{"status":"success"}') expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(sent).toEqual([]);
  });

  it("Asana gets its secret back", async () => {
    for (const body of ["", "{}"]) {
      const response = await send({}, { headers: ASANA, body });
      expect([response.status, response.headers.get("x-hook-secret"), await response.text()]).toEqual([
        200,
        ASANA["x-hook-secret"],
        "",
      ]);
    }
    expect(sent).toEqual([]);
  });

  it.each(["pagertree", "retrace", "backtrace", "thousandeyes"])("is answered by %s, too", async (type) => {
    for (const [, request, expected] of ECHOES) expect(await (await send({ type }, request)).text()).toBe(expected);
  });

  it("is answered before credentials that it cannot send, but not without a signature that it makes", async () => {
    const dropbox = { method: "GET", query: "?challenge=abc" };
    const slack = ECHOES.find(([name]) => name === "Slack")?.[1] ?? {};
    for (const auth of [{ type: "bearer" }, { type: "signature", scheme: "github", secret: "s" }]) {
      expect(await (await send({ auth }, dropbox)).text()).toBe("abc");
      expect((await send({ auth }, slack)).status).toBe(401);
    }
    for (const scheme of ["slack", "zoom", "discord"]) {
      const secret = scheme === "discord" ? "0".repeat(64) : "s";
      const auth = { type: "signature", scheme, secret };
      for (const [name, request, expected] of ECHOES) {
        if (name !== "WooCommerce") expect(await (await send({ auth }, request)).text()).not.toBe(expected);
      }
    }
  });
});

describe("a webhook that only resembles a challenge", () => {
  it.each<readonly [string, Sent]>([
    ["a Graph notification", { query: "?validationToken=a", headers: JSON_TYPE, body: '{"value":[]}' }],
    ["a longer challenge", { headers: JSON_TYPE, body: JSON.stringify({ challenge: LONG }) }],
    ["a challenge beside other fields", { headers: JSON_TYPE, body: '{"challenge":"m1","event":1}' }],
    ["a challenge that is no text", { headers: JSON_TYPE, body: '{"challenge":7}' }],
    [
      "an event of Event Grid",
      { headers: { ...JSON_TYPE, "aeg-event-type": "Notification" }, body: '[{"data":{"validationCode":"c"}}]' },
    ],
    ["a query with other fields", { method: "GET", query: "?challenge=abc&name=x" }],
    ["the end of a WebSub subscription", { method: "GET", query: "?hub.mode=unsubscribe&hub.challenge=w" }],
    ["a signed Asana event", { headers: { ...ASANA, ...JSON_TYPE, "x-hook-signature": "0" }, body: '{"events":[1]}' }],
    ["a form with more fields", { headers: FORM, body: "webhook_id=12&a=1" }],
  ])("is stored: %s", async (_, request) => {
    expect((await send({}, request)).status).toBe(200);
    expect(sent.length).toBeGreaterThan(0);
  });
});

describe("HEAD, OPTIONS and a trailing slash", () => {
  it("HEAD is 200 without a body where the integration is on", async () => {
    for (const type of ["catch", "pagertree"]) {
      const response = await send({ type }, { method: "HEAD" });
      expect([response.status, await response.text()]).toEqual([200, ""]);
    }
    expect((await send({ enabled: false }, { method: "HEAD" })).status).toBe(410);
    const unknown = await app.request("https://gate.example.net/integration/int_none", { method: "HEAD" }, bindings);
    expect(unknown.status).toBe(404);
  });

  it("OPTIONS permits a sender of CloudEvents", async () => {
    for (const [origin, allowed] of [
      ["eventgrid.azure.net", "eventgrid.azure.net"],
      ["a b", "*"],
    ] as const) {
      const headers = { "webhook-request-origin": origin };
      for (const type of ["catch", "rules", "pagertree"]) {
        const options = type === "rules" ? { rule_set: "grafana" } : {};
        const response = await send({ type, options }, { method: "OPTIONS", headers });
        expect([response.status, response.headers.get("webhook-allowed-origin")]).toEqual([200, allowed]);
      }
    }
  });
});

describe("a handshake of one's own", () => {
  const echo = (from: string, name: string) => ({ from, name });
  it.each<readonly [object, Sent, string, string | null]>([
    [
      { echo: echo("header", "X-Verify"), as: "json", name: "verification" },
      { headers: { "x-verify": "v-9" }, body: "{}" },
      '{"verification":"v-9"}',
      null,
    ],
    [{ echo: echo("query", "token"), as: "text" }, { method: "GET", query: "?token=a%20b" }, "a b", null],
    [
      { echo: echo("body", "data.code"), as: "json", name: "code" },
      { headers: JSON_TYPE, body: '{"data":{"code":"c"}}' },
      '{"code":"c"}',
      null,
    ],
    [
      { echo: echo("body", "code"), as: "header", name: "X-Code" },
      { headers: JSON_TYPE, body: '{"code":"c"}' },
      "",
      "c",
    ],
  ])("is answered as it says: %j", async (handshake, request, expected, header) => {
    const response = await send({ handshake }, request);
    expect([response.status, await response.text()]).toEqual([200, expected]);
    expect(response.headers.get("x-code")).toBe(header);
    expect(sent).toEqual([]);
  });

  it("leaves webhooks without the value alone", async () => {
    const handshake = { echo: echo("body", "code"), as: "text" };
    for (const body of ['{"a":1}', '{"code":7}', `{"code":"${LONG}"}`, '{"code":""}', "text"]) {
      expect((await send({ handshake }, { body })).status).toBe(200);
    }
    expect(sent).toHaveLength(5);
    const header = { echo: echo("header", "x-v"), as: "header", name: "x-w" };
    await send({ handshake: header }, { headers: { "x-v": "a\tb" }, body: '{"a":1}' });
    expect(sent).toHaveLength(6);
  });

  it("is refused where it cannot be answered", async () => {
    for (const handshake of [
      { echo: echo("header", "no header"), as: "text" },
      { echo: echo("query", "a"), as: "json" },
      { echo: echo("query", "a"), as: "header", name: "set-cookie" },
      { echo: echo("query", "a"), as: "header", name: "content-type" },
      { echo: echo("query", "a"), as: "header", name: "Access-Control-Allow-Credentials" },
      { echo: echo("query", "a"), as: "header", name: "cross-origin-resource-policy" },
      { echo: echo("query", "a"), as: "header", name: "hookgate-gateway" },
      { echo: echo("query", "a"), as: "header", name: "cf-ray" },
      { echo: echo("cookie", "a"), as: "text" },
    ]) {
      const body = unchecked({ name: "n", type: "catch", handshake });
      expect(statusOf(await client.integrations.create(body))).toBe(400);
    }
  });
});
