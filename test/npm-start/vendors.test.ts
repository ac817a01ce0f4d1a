import { createHmac, randomUUID } from "node:crypto";
import { App, HTTPReceiver, isValidSlackRequest } from "@slack/bolt";
import { Webhooks, createNodeMiddleware } from "@octokit/webhooks";
import { Webhook } from "standardwebhooks";
import { Stripe } from "stripe";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { LocalServer } from "../../scripts/drive/local-server.mjs";
import { Stage } from "../../scripts/drive/stage.mjs";
import { WITHIN } from "./stand.ts";

// The libraries of vendors whose receivers people already run. What they sign is accepted, and the receiver of a library
// accepts what the gateway passes on to it.

const stage = new Stage();
const { gateway } = stage;
const JSON_TYPE = { "content-type": "application/json" };

beforeAll(() => gateway.start(), 120_000);
afterAll(() => stage.strike());

type Headers = Readonly<Record<string, string>>;
type Signature = { readonly scheme: string; readonly secret: string };

async function post(url: string, body: string, headers: Headers) {
  const response = await fetch(url, { method: "POST", headers: { ...JSON_TYPE, ...headers }, body });
  return { status: response.status, text: await response.text() };
}

async function integrationFor(name: string, signature: Signature) {
  return await gateway.create("integrations", { name, type: "catch", auth: { type: "signature", ...signature } });
}

/** An integration whose requests go on as they arrived, with these headers of the sender. */
async function passingOn(
  name: string,
  signature: Signature,
  url: string,
  forward_headers: readonly string[],
  more = {},
) {
  const integration = await integrationFor(name, signature);
  const fields = { name, url, payload: { mode: "original" }, forward_headers, ...more };
  const { id } = await gateway.create("destinations", fields);
  await gateway.create("routes", { name, integration_ids: [integration.id], destination_ids: [id] });
  const isDelivered = async (count: number): Promise<void> => {
    await vi.waitFor(async () => {
      const { body } = await gateway.api("GET", `/deliveries?destination_id=${id}`);
      const statuses = body.data.map(({ status }: { readonly status: string }) => status);
      expect(statuses).toEqual(Array.from({ length: count }, () => "delivered"));
    }, WITHIN);
  };
  return { integration, isDelivered };
}

describe("Stripe", () => {
  const secret = "whsec_test_0123456789abcdef0123456789abcdef";
  const stripe = new Stripe("sk_test_none");

  function signed(id: string, key = secret) {
    const body = JSON.stringify(
      { id, object: "event", type: "charge.failed", data: { object: { id: "ch_1" } } },
      null,
      2,
    );
    return {
      body,
      headers: { "stripe-signature": stripe.webhooks.generateTestHeaderString({ payload: body, secret: key }) },
    };
  }

  test("what its library signs is accepted once, and verified by it after the gateway", async () => {
    const { receiver } = await stage.receiver("For Stripe");
    receiver.verify = ({ headers, body }) =>
      stripe.webhooks.constructEvent(body, String(headers["stripe-signature"]), secret).type === "charge.failed";
    const auth = { scheme: "stripe", secret };
    const { integration, isDelivered } = await passingOn("Stripe", auth, receiver.url, ["stripe-signature"]);
    const { body, headers } = signed("evt_1");
    expect((await post(integration.url, body, headers)).status).toBe(200);
    expect((await post(integration.url, body, signed("evt_1").headers)).status).toBe(200);
    expect((await post(integration.url, `${body} `, headers)).status).toBe(401);
    expect((await post(integration.url, body, signed("evt_1", "whsec_other").headers)).status).toBe(401);
    await isDelivered(1);
    expect(receiver.arrivals).toMatchObject([{ verified: true, body }]);
  });
});

describe("GitHub, by Octokit", () => {
  const secret = "a secret of GitHub 0123456789";
  const webhooks = new Webhooks({ secret });
  const body = JSON.stringify({
    action: "opened",
    issue: { number: 7, title: "Größe" },
    repository: { full_name: "a/b" },
  });

  async function signed(text = body): Promise<Headers> {
    const signature = await webhooks.sign(text);
    return { "x-github-event": "issues", "x-github-delivery": randomUUID(), "x-hub-signature-256": signature };
  }

  test("what it signs is accepted, and nothing else", async () => {
    const { url } = await integrationFor("GitHub", { scheme: "github", secret });
    expect((await post(url, body, await signed())).status).toBe(200);
    expect((await post(url, `${body} `, await signed())).status).toBe(401);
    expect((await post(url, body, await signed(`${body} `))).status).toBe(401);
  });

  test("its receiver takes what the gateway signs in GitHub's form, and what GitHub signed", async () => {
    const received: string[] = [];
    const own = new Webhooks({ secret: "the gateway's own secret of 0123" });
    for (const [name, each] of [
      ["gateway", own],
      ["github", webhooks],
    ] as const) {
      each.on("issues.opened", ({ payload }) => {
        received.push(`${name} ${payload.issue.title}`);
      });
    }
    const middlewares = [
      createNodeMiddleware(own, { path: "/own" }),
      createNodeMiddleware(webhooks, { path: "/github" }),
    ];
    const server = await stage.open(
      new LocalServer(async (request, response) => {
        const [mine, theirs] = middlewares;
        await (request.url === "/own" ? mine : theirs)?.(request, response);
      }),
    );
    const signing = {
      scheme: "hmac",
      header: "x-hub-signature-256",
      prefix: "sha256=",
      secret: "the gateway's own secret of 0123",
    };
    const auth = { scheme: "github", secret };
    const names = ["x-github-event", "x-github-delivery"];
    const byGateway = await passingOn("By the gateway", auth, `${server.origin}/own`, names, { signing });
    const byGitHub = await passingOn("By GitHub", auth, `${server.origin}/github`, [...names, "x-hub-signature-256"]);
    for (const { integration, isDelivered } of [byGateway, byGitHub]) {
      expect((await post(integration.url, body, await signed())).status).toBe(200);
      await isDelivered(1);
    }
    expect(received).toEqual(["gateway Größe", "github Größe"]);
  });
});

describe("Slack, by Bolt", () => {
  const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";
  const HEADERS = ["x-slack-signature", "x-slack-request-timestamp"];

  /** Signs as Slack does. Bolt itself only verifies. */
  function signed(body: string, seconds = Math.floor(Date.now() / 1_000)) {
    const signature = `v0=${createHmac("sha256", signingSecret).update(`v0:${seconds}:${body}`).digest("hex")}`;
    const headers = { "x-slack-signature": signature, "x-slack-request-timestamp": String(seconds) };
    const asBolt = { "x-slack-signature": signature, "x-slack-request-timestamp": seconds };
    return { headers, isValid: isValidSlackRequest({ signingSecret, body, headers: asBolt }) };
  }

  async function startBolt() {
    const mentions: string[] = [];
    const receiver = new HTTPReceiver({ signingSecret, endpoints: "/slack/events" });
    const app = new App({ receiver, authorize: async () => ({ botToken: "xoxb-none", botId: "B1", botUserId: "U1" }) });
    app.event("app_mention", async ({ event }) => {
      mentions.push(event.text);
    });
    const server = await stage.open(
      new LocalServer(async (request, response) => {
        receiver.requestListener(request, response);
      }),
    );
    return { mentions, url: `${server.origin}/slack/events` };
  }

  test("an event is accepted as Bolt accepts it, and Bolt acknowledges what the gateway passes on", async () => {
    const bolt = await startBolt();
    const auth = { scheme: "slack", secret: signingSecret };
    const { integration, isDelivered } = await passingOn("Slack", auth, bolt.url, HEADERS);
    const event = { type: "app_mention", user: "U2", text: "Größe?", ts: "1.0", channel: "C1", event_ts: "1.0" };
    const body = JSON.stringify({ type: "event_callback", team_id: "T1", api_app_id: "A1", event_id: "Ev1", event });
    const { headers, isValid } = signed(body);
    expect(isValid).toBe(true);
    expect((await post(integration.url, body, headers)).status).toBe(200);
    await isDelivered(1);
    expect(bolt.mentions).toEqual(["Größe?"]);

    const stale = signed(body, Math.floor(Date.now() / 1_000) - 600);
    expect([stale.isValid, (await post(integration.url, body, stale.headers)).status]).toEqual([false, 401]);
    expect((await post(bolt.url, body, stale.headers)).status).toBe(401);
    expect((await post(integration.url, body.replace("U2", "U3"), headers)).status).toBe(401);
  });

  test("the challenge of a new address gets the response that Bolt gives", async () => {
    const bolt = await startBolt();
    const { url } = await integrationFor("Slack's challenge", { scheme: "slack", secret: signingSecret });
    const body = JSON.stringify({ type: "url_verification", token: "t", challenge: "3eZbrw1aBm2rZgRNFdxV2595E9CY" });
    const { headers } = signed(body);
    const [own, theirs] = [await post(url, body, headers), await post(bolt.url, body, headers)];
    expect([own.status, JSON.parse(own.text)]).toEqual([theirs.status, JSON.parse(theirs.text)]);
    expect(JSON.parse(own.text)).toEqual({ challenge: "3eZbrw1aBm2rZgRNFdxV2595E9CY" });
    expect((await post(url, body, signed(`${body} `).headers)).status).toBe(401);
  });
});

test("what the library of Standard Webhooks signs is accepted once, and nothing else", async () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const { url, id } = await integrationFor("Standard Webhooks", { scheme: "standard-webhooks", secret });
  const body = '{"loaf":"röggen"}';
  const signed = (message: string, at = new Date()): Headers => ({
    "webhook-id": message,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
    "webhook-signature": new Webhook(secret).sign(message, at, body),
  });
  expect((await post(url, body, signed("msg_1"))).status).toBe(200);
  expect((await post(url, body, signed("msg_1"))).status).toBe(200);
  expect((await post(url, `${body} `, signed("msg_2"))).status).toBe(401);
  expect((await post(url, body, signed("msg_2", new Date(Date.now() - 600_000)))).status).toBe(401);
  await vi.waitFor(async () => {
    const { body: events } = await gateway.api("GET", `/events?integration_id=${id}`);
    expect(events.data).toHaveLength(1);
  }, WITHIN);
});
