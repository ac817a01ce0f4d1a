import { asPrimary } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { type AuthResult, authenticate } from "../../../src/ingest/auth/authenticate.ts";
import { readSubscribeUrl } from "../../../src/ingest/auth/handshakes/sns.ts";
import { contextOf } from "../../../src/context.ts";
import type { Integration } from "../../../src/model/integration.ts";
import { ok } from "../../../src/model/result.ts";
import { decodeUtf8 } from "../../../src/model/utf8.ts";
import { findIntegration } from "../../../src/storage/config/integrations.ts";
import { createIntegration, unchecked } from "../../support/api.ts";
import { SENDERS } from "../../support/senders.ts";
import { bytesOf } from "../../support/signers.ts";

const NOW = 1_790_000_000;

async function integrationWith(auth: object, changes: Partial<Integration> = {}): Promise<Integration> {
  const { id } = await createIntegration({ auth: unchecked(auth) });
  const integration = await findIntegration(asPrimary(env.DB), id);
  if (integration === null) throw new Error("not stored");
  return { ...integration, ...changes };
}

type Sent = { readonly method: string; readonly url: string; readonly headers: Record<string, string> };

async function arrive(integration: Integration, sent: Sent, body: Uint8Array): Promise<AuthResult> {
  const request = {
    method: sent.method,
    url: new URL(sent.url),
    query: new URL(sent.url).search.slice(1),
    headers: new Headers(sent.headers),
    body: () => Promise.resolve(ok(body)),
    sent: null,
    decode: decodeUtf8,
  };
  return await authenticate(integration, request, contextOf(env), NOW * 1_000);
}

/** The result of a request: its status, and the body of a response. */
async function seen(result: AuthResult): Promise<readonly [string, unknown?]> {
  switch (result.kind) {
    case "accepted":
      return ["accepted"];
    case "refused":
      return [result.error.reason];
    case "responded": {
      const text = await result.response.text();
      const isJson = result.response.headers.get("content-type")?.startsWith("application/json") === true;
      return [String(result.response.status), isJson ? JSON.parse(text) : text];
    }
  }
}

async function signed(scheme: "slack" | "zoom" | "discord", body: object, isForged = false) {
  const sender = SENDERS.find(({ name }) => name === scheme);
  if (sender === undefined) throw new Error("no such sender");
  const [own, foreign] = [await sender.create("one"), await sender.create("two")];
  const bytes = bytesOf(JSON.stringify(body));
  const signature = await (isForged ? foreign : own).sign(bytes, NOW);
  const request = await sender.request([signature.toHex()], bytes, NOW);
  const integration = await integrationWith({ type: "signature", scheme, secret: own.secret });
  return { secret: own.secret, came: await seen(await arrive(integration, request, bytes)) };
}

describe("Slack's challenge", () => {
  const body = {
    token: "old",
    challenge: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",
    type: "url_verification",
  };

  it("is returned if the request is signed", async () => {
    expect((await signed("slack", body)).came).toEqual(["200", { challenge: body.challenge }]);
    expect((await signed("slack", body, true)).came).toEqual(["bad_signature"]);
  });

  it.each([{ ...body, type: "event_callback" }, { ...body, challenge: 7 }, { ...body, challenge: "" }, [body]])(
    "is not recognized in %j",
    async (other) => {
      expect((await signed("slack", other)).came).toEqual(["accepted"]);
    },
  );
});

describe("Zoom's validation", () => {
  const body = { event: "endpoint.url_validation", payload: { plainToken: "qgg8vlvZRS6UYooatFL8Aw" }, event_ts: 1 };

  it("receives the token's HMAC if the request is signed", async () => {
    const { secret, came } = await signed("zoom", body);
    const key = await crypto.subtle.importKey("raw", bytesOf(secret), { name: "HMAC", hash: "SHA-256" }, false, [
      "sign",
    ]);
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytesOf(body.payload.plainToken)));
    expect(came).toEqual(["200", { plainToken: body.payload.plainToken, encryptedToken: mac.toHex() }]);
    expect((await signed("zoom", body, true)).came).toEqual(["bad_signature"]);
  });

  it.each([
    { ...body, event: "meeting.started" },
    { ...body, payload: null },
    { ...body, payload: { plainToken: 1 } },
  ])("is not recognized in %j", async (other) => {
    expect((await signed("zoom", other)).came).toEqual(["accepted"]);
  });
});

describe("Discord's ping", () => {
  it.each([
    [{ type: 1, id: "1" }, ["200", { type: 1 }]],
    [{ version: 1, type: 0 }, ["204", ""]],
    [{ version: 1, type: 1, event: { type: "APPLICATION_AUTHORIZED" } }, ["accepted"]],
    [{ type: 2 }, ["accepted"]],
  ])("%j has the result %j", async (body, came) => {
    expect((await signed("discord", body)).came).toEqual(came);
    expect((await signed("discord", body, true)).came).toEqual(["bad_signature"]);
  });
});

describe("Meta's subscription", () => {
  const call = async (query: string, method = "GET"): Promise<readonly [string, unknown?]> => {
    const auth = { type: "signature", scheme: "meta", secret: "app-secret", verify_token: "my verify token" };
    const integration = await integrationWith(auth);
    const url = `https://gate.example.net/integration/${integration.id}?${query}`;
    return await seen(await arrive(integration, { method, url, headers: {} }, new Uint8Array(0)));
  };
  const token = "hub.verify_token=my+verify+token";

  it("receives its challenge for the verify token, as text", async () => {
    expect(await call(`hub.mode=subscribe&${token}&hub.challenge=1158201444`)).toEqual(["200", "1158201444"]);
    expect(await call(`hub.mode=subscribe&${token}&hub.challenge=%3Cscript%3E`)).toEqual(["200", "<script>"]);
  });

  it.each([
    ["hub.mode=subscribe&hub.verify_token=other&hub.challenge=1", "bad_token"],
    ["hub.mode=subscribe&hub.challenge=1", "bad_token"],
    ["hub.mode=subscribe&hub.verify_token=&hub.challenge=1", "bad_token"],
    [`hub.mode=subscribe&${token}`, "invalid_fields"],
    [`hub.mode=subscribe&${token}&hub.challenge=${"1".repeat(1_025)}`, "invalid_fields"],
    [`hub.mode=unsubscribe&${token}&hub.challenge=1`, "wrong_method"],
    ["", "wrong_method"],
  ])("%s is refused", async (query, reason) => {
    expect(await call(query)).toEqual([reason]);
  });

  it("does not let a webhook in with its token", async () => {
    expect(await call(`hub.mode=subscribe&${token}&hub.challenge=1`, "POST")).toEqual(["bad_signature"]);
  });
});

const SUBSCRIBE_URL =
  "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-west-1:1:t&Token=2336412f";

describe("an Amazon SNS subscription", () => {
  const fetched: string[] = [];
  let answer: () => Promise<Response> = () => Promise.reject(new Error("not expected"));
  const cloudwatch = { type: "rules", options: { rule_set: "cloudwatch" } } as const;
  const headers = { "x-amz-sns-message-type": "SubscriptionConfirmation" };
  const request = { method: "POST", url: "https://gate.example.net/integration/int_1", headers };

  beforeEach(() => {
    fetched.length = 0;
    answer = () => Promise.resolve(new Response("<ConfirmSubscriptionResponse/>"));
    vi.spyOn(globalThis, "fetch").mockImplementation((input, init) => {
      expect(init?.redirect).toBe("manual");
      fetched.push(new Request(input).url);
      return answer();
    });
  });
  async function confirm(
    changes: Partial<Integration> = cloudwatch,
    url: unknown = SUBSCRIBE_URL,
    more: Record<string, string> = {},
    auth: object = { type: "none" },
  ): Promise<readonly [string, unknown?]> {
    const integration = await integrationWith(auth, changes);
    const body = bytesOf(JSON.stringify({ Type: "SubscriptionConfirmation", SubscribeURL: url }));
    return await seen(await arrive(integration, { ...request, headers: { ...headers, ...more } }, body));
  }

  it("is confirmed for integrations that read SNS messages, and for no others", async () => {
    expect(await confirm()).toEqual(["200", { status: "success" }]);
    expect(await confirm({ type: "rules", options: { preprocess: [{ type: "parse_sns" }] } })).toEqual([
      "200",
      { status: "success" },
    ]);
    expect(fetched).toEqual([SUBSCRIBE_URL, SUBSCRIBE_URL]);
    for (const other of [
      { type: "rules", options: { rule_set: "datadog" } },
      { type: "rules", options: { preprocess: [{ type: "parse_json" }] } },
      { type: "catch", options: { rule_set: "cloudwatch" } },
    ] as const) {
      expect(await confirm(other)).toEqual(["accepted"]);
    }
    expect(await confirm(cloudwatch, SUBSCRIBE_URL, { "x-amz-sns-message-type": "Notification" })).toEqual([
      "accepted",
    ]);
    expect(fetched).toHaveLength(2);
  });

  it("is confirmed only for a sender with credentials", async () => {
    const auth = { type: "basic", username: "sns", password: "p" };
    expect(await confirm(cloudwatch, SUBSCRIBE_URL, {}, auth)).toEqual(["bad_credentials"]);
    expect(await confirm({ ...cloudwatch, allowed_ips: ["192.0.2.1"] })).toEqual(["address_not_allowed"]);
    expect(fetched).toEqual([]);
    const authorization = `Basic ${bytesOf("sns:p").toBase64()}`;
    expect(await confirm(cloudwatch, SUBSCRIBE_URL, { authorization }, auth)).toEqual(["200", { status: "success" }]);
  });

  it.each([
    null,
    7,
    {},
    ["https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription"],
    "",
    "not a URL",
    "https://example.com/?Action=ConfirmSubscription",
  ])("is refused, and nothing is called, for the URL %j", async (url) => {
    expect(await confirm(cloudwatch, url)).toEqual(["invalid_fields"]);
    expect(fetched).toEqual([]);
  });

  it.each([
    ["200", () => Promise.resolve(new Response("ok")), "200"],
    [
      "a redirect",
      () => Promise.resolve(new Response(null, { status: 302, headers: { location: "http://169.254.169.254/" } })),
      "invalid_fields",
    ],
    ["403", () => Promise.resolve(new Response("no", { status: 403 })), "invalid_fields"],
    ["500", () => Promise.resolve(new Response("no", { status: 500 })), "confirmation_failed"],
    ["nothing", () => Promise.reject(new Error("Network connection lost.")), "confirmation_failed"],
  ])("has the documented result if SNS responds with %s", async (_, answered, outcome) => {
    answer = answered;
    expect((await confirm())[0]).toBe(outcome);
    expect(fetched).toHaveLength(1);
  });
});

describe("the URL of a subscription", () => {
  const query = "/?Action=ConfirmSubscription&Token=1";

  it.each([
    `https://sns.us-east-1.amazonaws.com${query}`,
    `https://sns.us-gov-west-1.amazonaws.com${query}`,
    `https://sns.ap-southeast-2.amazonaws.com${query}`,
    `https://sns.cn-north-1.amazonaws.com.cn${query}`,
    `https://SNS.us-east-1.amazonaws.com:443${query}`,
  ])("%s is called", (url) => {
    expect(readSubscribeUrl(url)).not.toBeNull();
  });

  it.each([
    `http://sns.us-east-1.amazonaws.com${query}`,
    `https://sns.us-east-1.amazonaws.com:8443${query}`,
    `https://sns.us-east-1.amazonaws.com.evil.example${query}`,
    `https://sns.us-east-1.amazonaws.com.${query}`,
    `https://evil.example/sns.us-east-1.amazonaws.com${query}`,
    `https://evil.example#sns.us-east-1.amazonaws.com${query}`,
    `https://sns.us-east-1.amazonaws.com@evil.example${query}`,
    `https://user:pass@sns.us-east-1.amazonaws.com${query}`,
    `https://evil.example\\@sns.us-east-1.amazonaws.com${query}`,
    `https://sns.s3.amazonaws.com${query}`,
    `https://sns.s3-us-west-2.amazonaws.com${query}`,
    `https://sqs.us-east-1.amazonaws.com${query}`,
    `https://x.sns.us-east-1.amazonaws.com${query}`,
    `https://sns.us-east-1.amazonaws.co${query}`,
    `https://sns.us-east-1.amazonaws.com/other${query}`,
    "https://sns.us-east-1.amazonaws.com/?Action=DeleteTopic",
    "https://sns.us-east-1.amazonaws.com/",
    ` https://sns.us-east-1.amazonaws.com${query}`,
    "https://169.254.169.254/?Action=ConfirmSubscription",
  ])("%s is not called", (url) => {
    expect(readSubscribeUrl(url)).toBeNull();
  });
});
