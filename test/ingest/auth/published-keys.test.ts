import { createSign } from "node:crypto";
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import { describe, expect, it } from "vitest";
import { createPublishedKeys } from "../../../src/ingest/auth/key-finder.ts";
import { CERTIFICATE, CERTIFICATE_KEY, EC_CERTIFICATE } from "../../fixtures/certificates.ts";
import { statusOf, client } from "../../support/api.ts";
import { ORIGIN, openLine } from "../../support/flow.ts";
import { type Seen, fakeOutside } from "../../support/world.ts";

const TOPIC = "arn:aws:sns:eu-central-1:123456789012:alarms";
const EMAIL = "pusher@example-project.iam.gserviceaccount.com";
const rsa = await generateKeyPair("RS256");
const JWK = { ...(await exportJWK(rsa.publicKey)), kid: "k1" };

let count = 0;
/** Certificates are kept for as long as the isolate lives, so that each test has another one. */
function certificateUrl(): string {
  count += 1;
  return `https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-${String(count).padStart(32, "0")}.pem`;
}

function notification(url: string, changes: object = {}): Record<string, string> {
  const fields = {
    Type: "Notification",
    MessageId: crypto.randomUUID(),
    TopicArn: TOPIC,
    Message: "disk",
    Timestamp: new Date().toISOString(),
    SignatureVersion: "1",
    SigningCertURL: url,
    ...changes,
  };
  const text = `Message\n${fields.Message}\nMessageId\n${fields.MessageId}\nTimestamp\n${fields.Timestamp}\nTopicArn\n${fields.TopicArn}\nType\n${fields.Type}\n`;
  return { ...fields, Signature: createSign("sha1").update(text).sign(CERTIFICATE_KEY).toString("base64") };
}

const addresses = (seen: readonly Seen[]): readonly string[] =>
  seen.map(({ url }) => url).filter((url) => !url.startsWith("https://receiver") && !url.includes("example.org"));

describe("messages of Amazon SNS", () => {
  const auth = { type: "signature", scheme: "sns", topic_arn: TOPIC };

  it("are accepted with the key of a certificate that is read once", async () => {
    const line = await openLine("catch", {}, { auth });
    const url = certificateUrl();
    const seen = fakeOutside(({ url: asked }) => new Response(asked === url ? CERTIFICATE : "ok"));
    const first = notification(url);
    expect((await line.send(first)).status).toBe(200);
    expect((await line.send(first, { headers: { "idempotency-key": "k1", "webhook-id": "w1" } })).status).toBe(200);
    expect((await line.send(notification(url))).status).toBe(200);
    expect((await line.send({ ...notification(url), Message: "forged" })).status).toBe(401);
    expect((await line.send({ Message: "unsigned" })).status).toBe(401);
    expect(seen.filter((one) => one.url === url)).toHaveLength(1);
    expect(await line.events()).toHaveLength(2);
  });

  it.each([
    ["cannot be read", () => new Response("no", { status: 500 }), 503],
    ["is no certificate", () => new Response("<html>"), 503],
    ["has a key of another kind", () => new Response(EC_CERTIFICATE), 503],
    ["is a redirect", () => new Response(null, { status: 302, headers: { location: "https://evil.example/" } }), 503],
  ])("are not accepted while the certificate %s", async (_, answer, status) => {
    const line = await openLine("catch", {}, { auth });
    const url = certificateUrl();
    const seen = fakeOutside(answer);
    expect((await line.send(notification(url))).status).toBe(status);
    expect(addresses(seen)).toEqual([url]);
    expect(await line.events()).toEqual([]);
  });

  it("cause no request to another host", async () => {
    const line = await openLine("catch", {}, { auth });
    const seen = fakeOutside(() => new Response(CERTIFICATE));
    for (const url of [
      "https://evil.example/SimpleNotificationService-0123456789abcdef.pem",
      "https://127.0.0.1/x.pem",
    ]) {
      expect((await line.send(notification(url))).status).toBe(401);
    }
    expect((await line.send(notification(certificateUrl(), { TopicArn: `${TOPIC}2` }))).status).toBe(401);
    expect(seen).toEqual([]);
  });

  it("confirm a subscription only with a signature", async () => {
    const line = await openLine("catch", {}, { auth });
    const seen = fakeOutside(() => new Response(CERTIFICATE));
    const body = {
      ...notification(certificateUrl()),
      Type: "SubscriptionConfirmation",
      Token: "t",
      SubscribeURL: "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=t",
    };
    const headers = { "x-amz-sns-message-type": "SubscriptionConfirmation" };
    expect((await line.send(body, { headers })).status).toBe(401);
    expect(seen.some(({ url }) => url.includes("ConfirmSubscription"))).toBe(false);
    const text = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
      .map((name) => `${name}\n${String(new Map(Object.entries(body)).get(name))}\n`)
      .join("");
    const Signature = createSign("sha1").update(text).sign(CERTIFICATE_KEY).toString("base64");
    expect((await line.send({ ...body, Signature }, { headers })).status).toBe(200);
    expect(seen.some(({ url }) => url.includes("ConfirmSubscription"))).toBe(true);
  });
});

describe("messages of Google's Pub/Sub", () => {
  const tokenFor = async (audience: string, issuer = "https://issuer.example") =>
    await new SignJWT({ email: EMAIL, email_verified: true })
      .setProtectedHeader({ alg: "RS256", kid: "k1" })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(rsa.privateKey);

  const answers: Readonly<Record<string, object>> = {
    "https://issuer.example/.well-known/openid-configuration": {
      issuer: "https://issuer.example",
      jwks_uri: "https://keys.example/certs",
    },
    "https://keys.example/certs": { keys: [{ kty: "oct", k: "AAAA", kid: "k1" }, JWK, 7, null] },
  };

  it("are accepted with a token of the issuer for their integration, which is no mark of a repeat", async () => {
    const auth = { type: "signature", scheme: "oidc", issuer: "https://issuer.example", email: EMAIL };
    const line = await openLine("catch", {}, { auth });
    const seen = fakeOutside(({ url }) => Response.json(answers[url] ?? {}));
    const token = await tokenFor(`${ORIGIN}/integration/${line.id}`);
    const headers = { authorization: `Bearer ${token}` };
    const message = (messageId: string) => ({
      message: { data: "e30=", messageId },
      subscription: "projects/p/subscriptions/s",
    });
    expect((await line.send(message("1"), { headers })).status).toBe(200);
    expect((await line.send(message("1"), { headers })).status).toBe(200);
    expect((await line.send(message("2"), { headers })).status).toBe(200);
    expect((await line.send(message("3"))).status).toBe(401);
    const other = await tokenFor(`${ORIGIN}/integration/int_other`);
    expect((await line.send(message("3"), { headers: { authorization: `Bearer ${other}` } })).status).toBe(401);
    expect(addresses(seen).slice(0, 2)).toEqual(Object.keys(answers));
    expect(seen.filter(({ url }) => url.includes("certs"))).toHaveLength(1);
    expect(await line.events()).toHaveLength(2);
  });

  it("are not accepted while the issuer's keys cannot be read", async () => {
    const issuer = "https://issuer-down.example";
    const line = await openLine("catch", {}, { auth: { type: "signature", scheme: "oidc", issuer, email: EMAIL } });
    fakeOutside(() => new Response("no", { status: 404 }));
    const token = await tokenFor(`${ORIGIN}/integration/${line.id}`, issuer);
    expect((await line.send({}, { headers: { authorization: `Bearer ${token}` } })).status).toBe(503);
  });
});

describe("published keys", () => {
  it("are read at most 20 times a minute, whatever senders name", async () => {
    const seen = fakeOutside(() => new Response("no", { status: 403 }));
    let now = 1_790_000_000_000;
    const keys = createPublishedKeys({ allowPrivate: false, clock: () => now });
    const find = async () => await keys.find({ kind: "certificate", url: certificateUrl(), hash: "SHA-1" });
    for (let read = 0; read < 30; read++) expect(await find()).toEqual({ ok: false, error: "unavailable" });
    expect(seen).toHaveLength(20);
    now += 60_000;
    await find();
    expect(seen).toHaveLength(21);
  });

  it.each([
    ["https://127.0.0.1", "https://127.0.0.1/certs"],
    ["http://issuer.example", "https://keys.example/certs"],
    ["https://issuer.example", "https://127.0.0.1/certs"],
    ["https://issuer.example", "http://keys.example/certs"],
    ["https://issuer.example", "https://metadata.google.internal/certs"],
    ["https://issuer.example", "//keys.example/certs"],
  ])("of %s are never read at a guarded address: %s", async (issuer, jwks_uri) => {
    const seen = fakeOutside(() => Response.json({ issuer, jwks_uri, keys: [JWK] }));
    const keys = createPublishedKeys({ allowPrivate: false, clock: Date.now });
    const found = await keys.find({ kind: "jwk", issuer, kid: "k1", algorithm: "RS256" });
    expect(found).toEqual({ ok: false, error: "unavailable" });
    expect(seen.map(({ url }) => new URL(url).origin)).toEqual(
      issuer === "https://issuer.example" ? ["https://issuer.example"] : [],
    );
  });

  it("of an issuer that calls itself otherwise are not used", async () => {
    fakeOutside(() =>
      Response.json({ issuer: "https://other.example", jwks_uri: "https://keys.example/", keys: [JWK] }),
    );
    const keys = createPublishedKeys({ allowPrivate: false, clock: Date.now });
    const found = await keys.find({ kind: "jwk", issuer: "https://issuer.example", kid: "k1", algorithm: "RS256" });
    expect(found).toEqual({ ok: false, error: "unavailable" });
  });

  it("are read again for a key that is unknown, at most every 30 seconds, and are used for hours while they cannot be", async () => {
    let now = 1_790_000_000_000;
    let isDown = false;
    let kids = ["k1"];
    const issuer = "https://issuer.example";
    const seen = fakeOutside(({ url }) => {
      if (isDown) return new Response("no", { status: 503 });
      if (url.startsWith(issuer)) return Response.json({ issuer, jwks_uri: "https://keys.example/certs" });
      return Response.json({ keys: kids.map((kid) => ({ ...JWK, kid })) });
    });
    const keys = createPublishedKeys({ allowPrivate: false, clock: () => now });
    const has = async (kid: string) => {
      const found = await keys.find({ kind: "jwk", issuer, kid, algorithm: "RS256" });
      return found.ok ? found.value !== null : found.error;
    };
    expect(await has("k1")).toBe(true);
    expect(await has("k2")).toBe(false);
    expect(seen).toHaveLength(2);
    kids = ["k1", "k2"];
    now += 30_000;
    expect(await has("k2")).toBe(true);
    expect(seen).toHaveLength(4);
    isDown = true;
    now += 5 * 3_600_000;
    expect(await has("k1")).toBe(true);
    now += 2 * 3_600_000;
    expect(await has("k1")).toBe("unavailable");
  });
});

describe("an integration whose sender publishes its keys", () => {
  it.each([
    { scheme: "oidc", email: EMAIL },
    { scheme: "sns", topic_arn: TOPIC },
  ])("has no secret: %j", async (fields) => {
    const auth = { type: "signature", ...fields };
    const { created } = await openLine("catch", {}, { auth });
    expect(created.auth).not.toHaveProperty("secret");
    expect(created.auth).toMatchObject(auth);
    expect(statusOf(await client.integrations.rotateToken(created.id, {}))).toBe(409);
  });
});
