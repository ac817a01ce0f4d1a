import { describe, expect, it, vi } from "vitest";
import { type Answer, type Line, openLine } from "../support/flow.ts";
import { SENDERS } from "../support/senders.ts";
import { bytesOf } from "../support/signers.ts";

type Scheme = "slack" | "zoom" | "discord";
type Handshake = { readonly line: Line; readonly secret: string; readonly forged: Answer; readonly answer: Answer };

/** Sends a body to an integration of its own, signed by another first, then by the one who holds the secret. */
async function shake(scheme: Scheme, body: object): Promise<Handshake> {
  const sender = SENDERS.find(({ name }) => name === scheme);
  if (sender === undefined) throw new Error("no such sender");
  const [signer, other] = [await sender.create("one"), await sender.create("two")];
  const line = await openLine("catch", {}, { auth: { type: "signature", scheme, secret: signer.secret } });
  const bytes = bytesOf(JSON.stringify(body));
  const at = Math.floor(Date.now() / 1_000);
  const send = async (by: typeof signer): Promise<Answer> => {
    const { headers } = await sender.request([(await by.sign(bytes, at)).toHex()], bytes, at);
    return await line.send(bytes, { type: null, headers });
  };
  return { line, secret: signer.secret, forged: await send(other), answer: await send(signer) };
}

async function expectNothingKept(line: Line): Promise<void> {
  expect(await line.events()).toEqual([]);
  expect(line.delivered()).toEqual([]);
}

describe("Slack", () => {
  it("gets its challenge back where the request is signed, and it is no event", async () => {
    const challenge = "q3Zt0w8nE5";
    const { line, forged, answer } = await shake("slack", { type: "url_verification", token: "t", challenge });
    expect(forged.status).toBe(401);
    expect(forged.text).not.toContain(challenge);
    expect(answer).toMatchObject({ status: 200, json: { challenge } });
    await expectNothingKept(line);
  });

  it("sends events beside it, which are kept", async () => {
    const { line, answer } = await shake("slack", { type: "event_callback", event_id: "Ev1", challenge: "x" });
    expect(answer).toMatchObject({ status: 200, json: { status: "success" } });
    expect(line.delivered()).toHaveLength(1);
  });
});

describe("Zoom", () => {
  it("gets its token back under the secret", async () => {
    const plainToken = "v4Lm1Qx2";
    const body = { event: "endpoint.url_validation", payload: { plainToken }, event_ts: 1 };
    const { line, secret, forged, answer } = await shake("zoom", body);
    const hash = { name: "HMAC", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", bytesOf(secret), hash, false, ["sign"]);
    const encryptedToken = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytesOf(plainToken))).toHex();
    expect(forged.status).toBe(401);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ plainToken, encryptedToken });
    await expectNothingKept(line);
  });
});

describe("Discord", () => {
  it("gets an answer to a ping of either kind", async () => {
    const interaction = await shake("discord", { type: 1, id: "9" });
    expect(interaction.forged.status).toBe(401);
    expect(interaction.answer).toMatchObject({ status: 200, json: { type: 1 } });
    await expectNothingKept(interaction.line);
    vi.restoreAllMocks();
    const webhook = await shake("discord", { version: 1, application_id: "9", type: 0 });
    expect(webhook.answer).toMatchObject({ status: 204, text: "" });
    await expectNothingKept(webhook.line);
  });
});

describe("Meta", () => {
  const auth = { type: "signature", scheme: "meta", secret: "app-secret-1", verify_token: "cider verify" };
  const subscribe = (token: string) => `?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=901177`;

  it("gets its challenge back as text for the verify token, and 403 for another", async () => {
    const line = await openLine("catch", {}, { auth });
    const answer = await line.send(undefined, { method: "GET", query: subscribe("cider+verify") });
    expect(answer).toMatchObject({ status: 200, text: "901177" });
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
    expect((await line.send(undefined, { method: "GET", query: subscribe("other") })).status).toBe(403);
    expect((await line.send({ a: 1 }, { query: subscribe("cider+verify") })).status).toBe(401);
    await expectNothingKept(line);
  });
});
