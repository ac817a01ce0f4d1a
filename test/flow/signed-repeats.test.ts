import { describe, expect, it } from "vitest";
import { SIGNATURE_SCHEMES } from "../../src/signing/schemes/registry.ts";
import { type Line, ORIGIN, openLine } from "../support/flow.ts";
import { SENDERS } from "../support/senders.ts";
import { type Sender, type Signer, bytesOf, macOf } from "../support/signers.ts";

const nowSeconds = () => Math.floor(Date.now() / 1_000);
const spell = (signature: Uint8Array, { encoding }: Sender): string =>
  encoding === "hex" ? signature.toHex() : signature.toBase64();

type Headers = Readonly<Record<string, string>>;

/** Headers that no scheme signs and that mark repeats where nothing is signed, or once did. */
const UNSIGNED: readonly Headers[] = [
  {},
  { "idempotency-key": "k1" },
  { "idempotency-key": "k2", "x-request-id": "1" },
  { "webhook-id": "w1" },
  { "svix-id": "s1" },
  { "webhook-id": "w2", "svix-id": "s2" },
  { "x-github-delivery": "d1" },
  { "x-shopify-webhook-id": "h1" },
  { "x-amz-sns-message-id": "a1" },
  { "content-type": "text/plain", "idempotency-key": "k3" },
];

/** The tokens of GitLab and of OpenID Connect cover nothing of a request, so they identify none. */
const NOT_SIGNED = ["gitlab", "oidc"];
/** Its messages are signed with a published key: test/ingest/auth/published-keys.test.ts. */
const PUBLISHED_KEY = "sns";
const BODY_ONLY = "hmac with nothing";

function authOf({ settings }: Sender, secret: string, options: object = {}): object {
  const { verify_token_hash, ...given } = settings;
  const token = verify_token_hash === undefined ? {} : { verify_token: "cider-verify" };
  return { type: "signature", secret, ...given, ...options, ...token };
}

type Sent = { readonly body: Uint8Array; readonly headers: Headers; readonly query?: string };

async function requestOf(sender: Sender, signer: Signer, at: number): Promise<Sent> {
  const body = bytesOf(sender.body(at));
  const signature = spell(await signer.sign(body, at), sender);
  return { body, headers: (await sender.request([signature], body, at)).headers };
}

async function twilioRequest(line: Line, secret: string, body: string): Promise<Sent> {
  const bytes = bytesOf(body);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  const query = `?bodySHA256=${digest}`;
  const signed = bytesOf(`${ORIGIN}/integration/${line.id}${query}`);
  const signature = (await macOf("SHA-1", bytesOf(secret), signed)).toBase64();
  return { body: bytes, query, headers: { "content-type": "application/json", "x-twilio-signature": signature } };
}

/** Sends a request with each of the unsigned headers, as far as the request does not have the header itself. */
async function sendWithEach(line: Line, { body, headers, ...how }: Sent): Promise<void> {
  for (const added of UNSIGNED) {
    const answer = await line.send(body, { ...how, type: null, headers: { ...added, ...headers } });
    expect(answer).toMatchObject({ status: 200, json: { status: "success" } });
  }
}

const SIGNERS = SENDERS.filter(({ name, settings }) => settings.scheme !== "twilio" && name !== BODY_ONLY);
const bodyOnly = SENDERS.filter(({ name }) => name === BODY_ONLY);

describe.each(SIGNERS.map((sender) => [sender.name, sender] as const))("%s", (_, sender) => {
  it("the same signed request is one event, whatever unsigned headers are added", async () => {
    const signer = await sender.create("one");
    const line = await openLine("catch", {}, { auth: authOf(sender, signer.secret) });
    await sendWithEach(line, await requestOf(sender, signer, nowSeconds()));
    expect(await line.events()).toHaveLength(1);
    expect(line.delivered()).toHaveLength(1);
  });
});

it("Twilio's signed request is one event", async () => {
  const line = await openLine("catch", {}, { auth: { type: "signature", scheme: "twilio", secret: "t-1" } });
  await sendWithEach(line, await twilioRequest(line, "t-1", '{"n":1}'));
  expect(await line.events()).toHaveLength(1);
  await sendWithEach(line, await twilioRequest(line, "t-1", '{"n":2}'));
  expect(await line.events()).toHaveLength(2);
});

it("Mailgun's signed token is one event", async () => {
  const line = await openLine("catch", {}, { auth: { type: "signature", scheme: "mailgun", secret: "m-1" } });
  for (const [index, token] of ["first", "second"].entries()) {
    const timestamp = String(nowSeconds());
    const signature = (await macOf("SHA-256", bytesOf("m-1"), bytesOf(timestamp + token))).toHex();
    const body = bytesOf(
      JSON.stringify({ signature: { timestamp, token, signature }, "event-data": { event: "opened" } }),
    );
    await sendWithEach(line, { body, headers: { "content-type": "application/json" } });
    expect(await line.events()).toHaveLength(index + 1);
  }
});

it("every scheme that signs is tried here", () => {
  const schemes = SENDERS.map(({ settings }) => settings.scheme);
  const tried = new Set<string>([...schemes, "mailgun", PUBLISHED_KEY, ...NOT_SIGNED]);
  expect(SIGNATURE_SCHEMES.filter((scheme) => !tried.has(scheme))).toEqual([]);
});

describe.each(bodyOnly.map((sender) => [sender.name, sender] as const))("%s", (_, sender) => {
  const alertBodies = ["create", "resolve", "create"].map((event_type) => JSON.stringify({ event_type, id: "disk" }));

  async function sendAlerts(options: object): Promise<Line> {
    const signer = await sender.create("one");
    const rules = [{ match: {}, actions: [{ type: "create", title: "t", thirdparty_id: "1" }] }];
    const line = await openLine("rules", { rules }, { auth: authOf(sender, signer.secret, options) });
    for (const text of alertBodies) {
      const body = bytesOf(text);
      const { headers } = await sender.request([spell(await signer.sign(body, 0), sender)], body, 0);
      expect((await line.send(body, { type: null, headers })).status).toBe(200);
    }
    return line;
  }

  it("leaves a create, a resolve and the same create three events", async () => {
    expect(await (await sendAlerts({})).events()).toHaveLength(3);
    expect(await (await sendAlerts({ idempotent: false })).events()).toHaveLength(3);
  });

  it("makes the same create one event if the integration says so", async () => {
    const line = await sendAlerts({ idempotent: true });
    expect(await line.events()).toHaveLength(2);
    expect(line.created["auth"]).toMatchObject({ scheme: "hmac", idempotent: true });
  });
});

describe("a repeat", () => {
  const find = (name: string): Sender => {
    const sender = SENDERS.find((each) => each.name === name);
    if (sender === undefined) throw new Error("no such sender");
    return sender;
  };

  it("of a request with two signatures is known by either of them, in any spelling", async () => {
    const sender = find("pagerduty");
    const [old, current] = [await sender.create("one"), await sender.create("two")];
    const line = await openLine("catch", {}, { auth: authOf(sender, old.secret) });
    const body = bytesOf('{"n":1}');
    const [first = "", second = ""] = await Promise.all(
      [old, current].map(async ({ sign }) => spell(await sign(body, 0), sender)),
    );
    for (const signatures of [[first], [first, second], [second, first], [first.toUpperCase()]]) {
      const { headers } = await sender.request(signatures, body, 0);
      expect((await line.send(body, { type: null, headers })).status).toBe(200);
    }
    expect(await line.events()).toHaveLength(1);
  });

  it("under the other names of Standard Webhooks' headers is the same event", async () => {
    const [own, svix] = [find("standard-webhooks as webhook-…"), find("standard-webhooks as svix-…")];
    const signer = await own.create("one");
    const line = await openLine("catch", {}, { auth: authOf(own, signer.secret) });
    const at = nowSeconds();
    for (const sender of [own, svix]) {
      const { body, headers } = await requestOf(sender, signer, at);
      expect((await line.send(body, { type: null, headers })).status).toBe(200);
    }
    expect(await line.events()).toHaveLength(1);
  });

  it("that is signed anew is known by the sender's own id", async () => {
    const sender = find("stripe");
    const signer = await sender.create("one");
    const line = await openLine("catch", {}, { auth: authOf(sender, signer.secret) });
    const body = bytesOf('{"id":"evt_1"}');
    for (const at of [nowSeconds() - 60, nowSeconds(), nowSeconds()]) {
      const { headers } = await sender.request([spell(await signer.sign(body, at), sender)], body, at);
      expect((await line.send(body, { type: null, headers })).status).toBe(200);
    }
    expect(await line.events()).toHaveLength(1);
  });

  it("claims no other key: an event that comes later with that key is a new one", async () => {
    const sender = find("github");
    const signer = await sender.create("one");
    const line = await openLine("catch", {}, { auth: authOf(sender, signer.secret) });
    const recorded = await requestOf(sender, signer, nowSeconds());
    // A stranger sends a recorded request again with a key that the sender will use.
    for (const key of ["first", "next"]) {
      await line.send(recorded.body, { type: null, headers: { ...recorded.headers, "idempotency-key": key } });
    }
    const body = bytesOf('{"n":"next"}');
    const { headers } = await sender.request([spell(await signer.sign(body, 0), sender)], body, 0);
    await line.send(body, { type: null, headers: { ...headers, "idempotency-key": "next" } });
    expect(await line.events()).toHaveLength(2);
  });

  it("with another signed id is another event", async () => {
    const sender = find("hmac with everything");
    const auth = { ...authOf(sender, "s"), template: "{{id}}|{{body}}", timestamp_header: null };
    const line = await openLine("catch", {}, { auth });
    for (const id of ["m-1", "m-2", "m-1"]) {
      const body = bytesOf('{"n":1}');
      const signature = await macOf("SHA-512", bytesOf("s"), bytesOf(`${id}|{"n":1}`));
      const headers = { "x-acme-signature": `s1,${signature.toBase64()}`, "x-acme-id": id, "idempotency-key": "same" };
      expect((await line.send(body, { type: null, headers })).status).toBe(200);
    }
    expect(await line.events()).toHaveLength(2);
  });

  it("of a list is one event for each item", async () => {
    const sender = find("github");
    const signer = await sender.create("one");
    const line = await openLine("catch", {}, { auth: authOf(sender, signer.secret) });
    const body = bytesOf('[{"n":1},{"n":2},{"n":3}]');
    const { headers } = await sender.request([spell(await signer.sign(body, 0), sender)], body, 0);
    await sendWithEach(line, { body, headers });
    expect(await line.events()).toHaveLength(3);
  });
});
