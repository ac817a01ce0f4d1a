import { describe, expect, it } from "vitest";
import { SIGNATURE_SCHEMES } from "../../src/signing/schemes/registry.ts";
import { type Answer, type Line, ORIGIN, openLine } from "../support/flow.ts";
import { SENDERS } from "../support/senders.ts";
import { type Sender, type Signer, bytesOf } from "../support/signers.ts";

const nowSeconds = () => Math.floor(Date.now() / 1_000);
const spell = (signature: Uint8Array, encoding: Sender["encoding"]): string =>
  encoding === "hex" ? signature.toHex() : signature.toBase64();

/** The scheme as it is entered: with the verify token itself. */
function authOf({ settings }: Sender, secret: string): object {
  const { verify_token_hash, ...given } = settings;
  const token = verify_token_hash === undefined ? {} : { verify_token: "cider-verify" };
  return { type: "signature", secret, ...given, ...token };
}

async function signedHeaders(sender: Sender, signer: Signer, body: Uint8Array, at: number) {
  const signature = spell(await signer.sign(body, at), sender.encoding);
  return (await sender.request([signature], body, at)).headers;
}

async function expectRefused(line: Line, answers: readonly Answer[]): Promise<void> {
  for (const answer of answers) {
    expect(answer.status).toBe(401);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  }
  expect(await line.events()).toEqual([]);
  expect(line.delivered()).toEqual([]);
}

// Twilio signs the URL, which here is another in every test: it has tests of its own below.
const BY_HEADER = SENDERS.filter(({ settings }) => settings.scheme !== "twilio");

describe.each(BY_HEADER.map((sender) => [sender.name, sender] as const))("%s", (_, sender) => {
  it("is let in with its signature over the bytes it sent", async () => {
    const signer = await sender.create("one");
    const line = await openLine("catch", {}, { auth: authOf(sender, signer.secret) });
    const at = nowSeconds();
    const body = bytesOf(sender.body(at));
    const headers = await signedHeaders(sender, signer, body, at);
    const answer = await line.send(body, { type: null, headers });
    expect(answer).toMatchObject({ status: 200, json: { status: "success" } });
    const payload = JSON.parse(sender.body(at));
    expect(await line.events()).toMatchObject([{ id: answer.json["id"], outcome: "received", payload }]);
    expect(line.delivered()).toMatchObject([{ type: "event.received", data: { event: { payload } } }]);
  });

  it("is refused without a signature, with another's, and with one over another body", async () => {
    const [signer, other] = [await sender.create("one"), await sender.create("two")];
    const line = await openLine("catch", {}, { auth: authOf(sender, signer.secret) });
    const at = nowSeconds();
    const body = bytesOf(sender.body(at));
    const headers = await signedHeaders(sender, signer, body, at);
    const unsigned = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== sender.header));
    const answers = [
      await line.send(body, { type: null, headers: { "content-type": "application/json" } }),
      await line.send(body, { type: null, headers: unsigned }),
      await line.send(body, { type: null, headers: { ...headers, [sender.header]: "" } }),
      await line.send(body, { type: null, headers: await signedHeaders(sender, other, body, at) }),
      await line.send(JSON.stringify(JSON.parse(sender.body(at))), { type: null, headers }),
    ];
    await expectRefused(line, answers);
  });
});

const TIMED = BY_HEADER.filter(({ is_timestamped }) => is_timestamped);

it.each(TIMED.map((sender) => [sender.name, sender] as const))(
  "%s is refused more than five minutes early or late",
  async (_, sender) => {
    const signer = await sender.create("one");
    const line = await openLine("catch", {}, { auth: authOf(sender, signer.secret) });
    const answers = [];
    for (const offset of [-900, -360, 360, 900]) {
      const at = nowSeconds() + offset;
      const body = bytesOf(sender.body(at));
      answers.push(await line.send(body, { type: null, headers: await signedHeaders(sender, signer, body, at) }));
    }
    await expectRefused(line, answers);
  },
);

describe("GitLab", () => {
  it("is let in by its static token, which is kept from the log", async () => {
    const auth = { type: "signature", scheme: "gitlab", secret: "gitlab-token-77" };
    const line = await openLine("catch", {}, { auth });
    const wrong = [{}, { "x-gitlab-token": "gitlab-token-78" }, { "x-gitlab-token": "" }];
    const answers = [];
    for (const headers of wrong) answers.push(await line.send({ a: 1 }, { headers }));
    await expectRefused(line, answers);
    const headers = { "X-Gitlab-Token": "gitlab-token-77" };
    expect((await line.send({ a: 1 }, { headers })).status).toBe(200);
    expect(line.delivered()).toHaveLength(1);
    expect(JSON.stringify(await line.events())).not.toContain("gitlab-token-77");
  });
});

describe("Twilio", () => {
  const secret = "twilio-token-1";
  const auth = { type: "signature", scheme: "twilio", secret };

  async function macOf(text: string): Promise<string> {
    const key = await crypto.subtle.importKey("raw", bytesOf(secret), { name: "HMAC", hash: "SHA-1" }, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", key, bytesOf(text))).toBase64();
  }

  it("signs its URL and the sorted fields of a form", async () => {
    const line = await openLine("catch", {}, { auth });
    const path = `/integration/${line.id}`;
    const query = "?site=b";
    const signature = await macOf(`${ORIGIN}${path}${query}Body42 left!From+4366012To+4366099`);
    const sent = { path, query, type: "application/x-www-form-urlencoded" };
    const body = "To=%2B4366099&From=%2B4366012&Body=42+left%21";
    const headers = { "x-twilio-signature": signature };
    const answers = [
      await line.send(body, sent),
      await line.send(`${body}&More=1`, { ...sent, headers }),
      await line.send(body, { ...sent, query: "?site=c", headers }),
      await line.send(body, { ...sent, headers: { "x-twilio-signature": await macOf("else") } }),
    ];
    await expectRefused(line, answers);
    expect((await line.send(body, { ...sent, headers })).status).toBe(200);
    expect(await line.events()).toMatchObject([
      { payload: { site: "b", To: "+4366099", From: "+4366012", Body: "42 left!" } },
    ]);
  });

  it("signs its URL with the digest of any other body in it", async () => {
    const line = await openLine("catch", {}, { auth });
    const body = '{ "n":1.0 }';
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytesOf(body))).toHex();
    const query = `?bodySHA256=${digest}`;
    const signature = await macOf(`${ORIGIN}/integration/${line.id}${query}`);
    const headers = { "x-twilio-signature": signature };
    await expectRefused(line, [await line.send('{"n":1.0}', { query, headers }), await line.send(body, { headers })]);
    expect((await line.send(body, { query, headers })).status).toBe(200);
    expect(line.delivered()).toHaveLength(1);
  });
});

describe("Mailgun", () => {
  it("signs a time and a token in its body, and a token counts once", async () => {
    const auth = { type: "signature", scheme: "mailgun", secret: "key-1" };
    const line = await openLine("catch", {}, { auth });
    const timestamp = String(nowSeconds());
    const token = "c0ffee".repeat(8);
    const key = await crypto.subtle.importKey("raw", bytesOf("key-1"), { name: "HMAC", hash: "SHA-256" }, false, [
      "sign",
    ]);
    const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytesOf(timestamp + token))).toHex();
    const signed = { timestamp, token, signature };
    await expectRefused(line, [
      await line.send({ "event-data": { event: "opened" } }),
      await line.send({ signature: { ...signed, token: `${token}1` }, "event-data": { event: "opened" } }),
      await line.send("not JSON", { type: "text/plain" }),
    ]);
    expect((await line.send({ signature: signed, "event-data": { event: "opened" } })).status).toBe(200);
    expect((await line.send({ signature: signed, "event-data": { event: "forged" } })).status).toBe(200);
    expect(line.delivered()).toHaveLength(1);
  });
});

// The senders of oidc and sns publish their keys: test/ingest/auth/published-keys.test.ts.
const OTHERS = ["gitlab", "mailgun", "oidc", "sns", "twilio"] as const;

it("every scheme is tried here", () => {
  const tried = new Set<string>([...BY_HEADER.map(({ settings }) => settings.scheme), ...OTHERS]);
  expect(SIGNATURE_SCHEMES.filter((scheme) => !tried.has(scheme))).toEqual([]);
});

describe("a signed alert", () => {
  it("of a rule set is let in by its tool's signature", async () => {
    const sender = SENDERS.find(({ name }) => name === "sentry");
    if (sender === undefined) throw new Error("no such sender");
    const signer = await sender.create("one");
    const rules = [{ match: {}, actions: [{ type: "create", title: "{{ log.data.title }}", thirdparty_id: "1" }] }];
    const line = await openLine("rules", { rules }, { auth: authOf(sender, signer.secret) });
    const body = bytesOf('{"title":"KeyError"}');
    const headers = await signedHeaders(sender, signer, body, nowSeconds());
    expect((await line.send(body, { type: null })).status).toBe(401);
    expect((await line.send(body, { type: null, headers })).status).toBe(200);
    expect(await line.alerts()).toMatchObject([{ title: "KeyError" }]);
  });
});
