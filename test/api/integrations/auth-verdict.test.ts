import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { clientOf, createIntegration, unchecked } from "../../support/api.ts";
import { SENDERS } from "../../support/senders.ts";
import { allRows } from "../../support/tables.ts";

const SECRET = "a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7";
const BODY = '{"id":1}';
const seconds = (offset = 0): number => Math.floor(Date.now() / 1_000) + offset;
const sign = (text: string, encoding: "hex" | "base64" = "hex") =>
  createHmac("sha256", SECRET).update(text).digest(encoding);
const sha256 = async (text: string) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toHex();

async function integrationWith(auth: object): Promise<string> {
  const { id } = await createIntegration({ type: "catch", auth: unchecked(auth) });
  return id;
}

async function verdictOn(id: string, headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer> = BODY) {
  const { authentication } = unwrap(
    await clientOf().integrations.preview(id, body, { headers: { "content-type": "application/json", ...headers } }),
  );
  return authentication;
}

describe("a preview's verdict on a signature", () => {
  it("passes one that ingest would accept, and shows the bytes that it covers", async () => {
    const id = await integrationWith({ type: "signature", scheme: "stripe", secret: SECRET });
    const at = seconds();
    const text = `${at}.${BODY}`;
    expect(await verdictOn(id, { "stripe-signature": `t=${at},v1=${sign(text)}` })).toEqual({
      type: "signature",
      passes: true,
      fault: null,
      detail: null,
      signed: [{ encoding: "utf8", text, bytes: text.length, sha256: await sha256(text) }],
    });
  });

  it("shows which bytes must have been signed if none of the signatures is right", async () => {
    const id = await integrationWith({ type: "signature", scheme: "slack", secret: SECRET });
    const at = seconds();
    const headers = { "x-slack-request-timestamp": String(at), "x-slack-signature": `v0=${sign(BODY)}` };
    const verdict = await verdictOn(id, headers);
    expect(verdict).toMatchObject({ passes: false, fault: "mismatch" });
    expect(verdict.signed.map(({ text }) => text)).toEqual([`v0:${at}:${BODY}`]);
  });

  it("names the headers that are missing, and needs no body for that", async () => {
    const id = await integrationWith({ type: "signature", scheme: "standard-webhooks" });
    const none = await verdictOn(id, {});
    expect(none).toMatchObject({ passes: false, fault: "missing", signed: [] });
    expect(none.detail).toContain("webhook-signature");
    const some = await verdictOn(id, { "webhook-signature": "v1,AAAA", "webhook-id": "a" });
    expect(some.detail).toBe("The request has no header webhook-timestamp.");
  });

  it("says of an old request when it was signed, and whether that signature was right", async () => {
    const id = await integrationWith({ type: "signature", scheme: "stripe", secret: SECRET });
    const at = seconds(-4_000);
    const right = await verdictOn(id, { "stripe-signature": `t=${at},v1=${sign(`${at}.${BODY}`)}` });
    expect(right).toMatchObject({ passes: false, fault: "stale" });
    expect(right.detail).toContain(new Date(at * 1_000).toISOString());
    expect(right.detail).toContain("The signature itself is right.");
    const wrong = await verdictOn(id, { "stripe-signature": `t=${at},v1=${sign("")}` });
    expect(wrong.detail).toContain("The signature itself is wrong");
  });

  it("tells a header that cannot be read from a signature that is wrong", async () => {
    const id = await integrationWith({ type: "signature", scheme: "github", secret: SECRET });
    expect(await verdictOn(id, { "x-hub-signature-256": "sha256=zz" })).toMatchObject({ fault: "malformed" });
    expect(await verdictOn(id, { "x-hub-signature-256": sign(BODY) })).toMatchObject({ fault: "malformed" });
    expect(await verdictOn(id, { "x-hub-signature-256": `sha256=${sign("x")}` })).toMatchObject({ fault: "mismatch" });
  });

  it("reads a time in the body, as ingest does", async () => {
    const id = await integrationWith({ type: "signature", scheme: "linear", secret: SECRET });
    const send = (body: string) => verdictOn(id, { "linear-signature": sign(body) }, body);
    expect(await send(`{"webhookTimestamp":${Date.now()}}`)).toMatchObject({ passes: true });
    expect(await send(`{"webhookTimestamp":1}`)).toMatchObject({ passes: false, fault: "stale" });
    expect(await send(BODY)).toMatchObject({ passes: false, fault: "malformed" });
  });

  it("covers the integration's own address if the scheme signs it", async () => {
    const template = "{{method}} {{url}}\n{{body}}";
    const auth = { type: "signature", scheme: "hmac", header: "x-sig", template, secret: SECRET };
    const { id, url } = await createIntegration({ type: "catch", auth: unchecked(auth) });
    expect(await verdictOn(id, { "x-sig": sign(`POST ${url}\n${BODY}`) })).toMatchObject({ passes: true });
    const wrong = await verdictOn(id, { "x-sig": sign(BODY) });
    expect(wrong.signed.map(({ text }) => text)).toEqual([`POST ${url}\n${BODY}`]);
  });

  it("takes the compressed form and the other, as ingest does", async () => {
    const id = await integrationWith({ type: "signature", scheme: "hmac", header: "x-sig", secret: SECRET });
    const packed = new Uint8Array(
      await new Response(new Blob([BODY]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
    );
    const overPacked = createHmac("sha256", SECRET).update(packed).digest("hex");
    const send = (signature: string) =>
      verdictOn(id, { "content-encoding": "gzip", "x-sig": signature }, Uint8Array.from(packed));
    expect(await send(sign(BODY))).toMatchObject({ passes: true });
    expect(await send(overPacked)).toMatchObject({ passes: true, signed: [{ encoding: "base64" }] });
    const wrong = await send(sign("x"));
    expect(wrong.signed.map(({ bytes }) => bytes)).toEqual([packed.byteLength, BODY.length]);
  });

  it("shows the beginning of long messages, and the digest of the whole", async () => {
    const id = await integrationWith({ type: "signature", scheme: "github", secret: SECRET });
    const body = JSON.stringify({ text: "ü".repeat(5_000) });
    const [shown] = (await verdictOn(id, { "x-hub-signature-256": `sha256=${sign("x")}` }, body)).signed;
    expect(shown?.text).toHaveLength(2_000);
    expect(shown).toMatchObject({ bytes: new TextEncoder().encode(body).length, sha256: await sha256(body) });
  });

  it.each(SENDERS.filter(({ settings }) => settings.scheme !== "twilio"))(
    "passes what $name signs, refuses a changed body, and shows no secret",
    async (sender) => {
      const signer = await sender.create("verdict");
      const auth = { type: "signature", ...sender.settings, secret: signer.secret };
      const { verify_token_hash: _hash, ...given } = unchecked(auth);
      const id = await integrationWith(given);
      const at = seconds();
      const body = new TextEncoder().encode(sender.body(at));
      const raw = await signer.sign(body, at);
      const written = sender.encoding === "hex" ? raw.toHex() : raw.toBase64();
      const { headers } = await sender.request([written], body, at);
      expect(await verdictOn(id, headers, Uint8Array.from(body))).toMatchObject({ passes: true, fault: null });
      const changed = new TextEncoder().encode(`${sender.body(at)} `);
      const refused = await verdictOn(id, headers, Uint8Array.from(changed));
      expect(refused).toMatchObject({ passes: false, fault: "mismatch" });
      const text = JSON.stringify(refused);
      expect(text).not.toContain(signer.secret);
      // What was expected would let the caller sign anything.
      expect(text).not.toContain((await signer.sign(changed, at)).toHex());
      expect(text).not.toContain((await signer.sign(changed, at)).toBase64());
    },
  );

  it("writes no rejection", async () => {
    const id = await integrationWith({ type: "signature", scheme: "github", secret: SECRET });
    const before = await allRows();
    await verdictOn(id, {});
    expect(await allRows()).toEqual(before);
  });
});

describe("a preview's verdict on other credentials", () => {
  it("passes everything if there are none", async () => {
    expect(await verdictOn(await integrationWith({ type: "none" }), {})).toEqual({
      type: "none",
      passes: true,
      fault: null,
      detail: null,
      signed: [],
    });
  });

  it("compares a token in its header", async () => {
    const id = await integrationWith({ type: "token", header: "X-Part", token: "word-4711" });
    expect(await verdictOn(id, { "x-part": "word-4711" })).toMatchObject({ passes: true });
    expect(await verdictOn(id, { "x-part": "word" })).toMatchObject({ passes: false, fault: "mismatch" });
    expect(await verdictOn(id, {})).toMatchObject({ fault: "missing", detail: "The request has no header x-part." });
  });

  it("takes the sender's Authorization from a header of its own", async () => {
    const basic = await integrationWith({ type: "basic", username: "u", password: "p-4711" });
    const bearer = await integrationWith({ type: "bearer", token: "b-4711" });
    expect(await verdictOn(basic, { "hookgate-authorization": `Basic ${btoa("u:p-4711")}` })).toMatchObject({
      passes: true,
    });
    expect(await verdictOn(bearer, { "hookgate-authorization": "Bearer b-4711" })).toMatchObject({ passes: true });
    // The token of the API's client is in `authorization`, and is not the sender's.
    expect(await verdictOn(bearer, {})).toMatchObject({ passes: false, fault: "missing" });
  });
});
