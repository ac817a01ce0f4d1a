import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import {
  type ReceivedRequest,
  type VerificationKey,
  type VerifyOptions,
  verify,
  verifySignature,
} from "../../src/client/index.ts";
import type { Signing } from "../../src/model/destination.ts";
import { ringOf } from "../support/key-ring.ts";
import { NOW, SIGNING_CASES, signedRequest } from "../support/signed-requests.ts";
import { bytesOf } from "../support/signers.ts";

const ring = ringOf(7);
const BODY = '{"test": 2432232314}';

/** The message that the specification and its reference libraries publish signatures of. */
const PUBLISHED = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330" } as const;
const V1 = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const V1A = "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const PUBLIC_KEY = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
const THEN = { now_ms: Number(PUBLISHED.timestamp) * 1_000 } as const;

const HMAC_KEY = { scheme: "standard-webhooks", secret: SECRET } as const;
const ED25519_KEY = { scheme: "standard-webhooks-ed25519", public_key: PUBLIC_KEY } as const;

function published(signature: string, more: Readonly<Record<string, string>> = {}): ReceivedRequest {
  const headers = {
    "webhook-id": PUBLISHED.id,
    "webhook-timestamp": PUBLISHED.timestamp,
    "webhook-signature": signature,
    ...more,
  };
  return { headers, body: bytesOf(BODY) };
}

async function reasonOf(received: ReceivedRequest, key: VerificationKey, options: VerifyOptions = THEN) {
  const result = await verifySignature(received, key, options);
  return result.ok ? "genuine" : result.error.reason;
}

/** The same text with the character at a position changed. */
function altered(text: string, position: number): string {
  const index = position % text.length;
  return text.slice(0, index) + (text.charAt(index) === "1" ? "2" : "1") + text.slice(index + 1);
}

describe("Standard Webhooks", () => {
  it("accepts the published signatures", async () => {
    const expected = { ok: true, id: PUBLISHED.id, timestamp_seconds: 1_614_265_330 };
    expect(await verifySignature(published(V1), HMAC_KEY, THEN)).toEqual(expected);
    expect(await verifySignature(published(V1A), ED25519_KEY, THEN)).toEqual(expected);
  });

  it("accepts one good signature among others of either version", async () => {
    const other = "v1,b2k/RgWyyRDD3TjjhnPLxCRNLnJkG6xwXr2Xvv+TIRM=";
    for (const header of [`${other} ${V1}`, `${V1A} ${V1}`, `${V1} ${other}`, `v2,xx ${V1}`]) {
      expect(await reasonOf(published(header), HMAC_KEY)).toBe("genuine");
    }
    expect(await reasonOf(published(`${V1} ${V1A}`), ED25519_KEY)).toBe("genuine");
    expect(await reasonOf(published(other), HMAC_KEY)).toBe("no_matching_signature");
  });

  it("never takes a signature for one of another version: the key decides", async () => {
    expect(await reasonOf(published(V1A), HMAC_KEY)).toBe("malformed_header");
    expect(await reasonOf(published(V1), ED25519_KEY)).toBe("malformed_header");
    expect(await reasonOf(published(V1.replace("v1,", "v1a,")), ED25519_KEY)).toBe("no_matching_signature");
  });

  it("accepts either secret while one is rotated, and a secret without its prefix", async () => {
    const foreign = `whsec_${btoa("a secret of twenty-four b")}`;
    expect(await reasonOf(published(V1), { ...HMAC_KEY, secret: [foreign, SECRET] })).toBe("genuine");
    expect(await reasonOf(published(V1), { ...HMAC_KEY, secret: SECRET.slice(6) })).toBe("genuine");
    expect(await reasonOf(published(V1), { ...HMAC_KEY, secret: foreign })).toBe("no_matching_signature");
  });

  it("accepts the gateway's key from its key set", async () => {
    const jwk = { kty: "OKP", crv: "Ed25519", kid: "k", use: "sig", alg: "EdDSA", whpk: PUBLIC_KEY } as const;
    const x = PUBLIC_KEY.slice(5).replaceAll("+", "-").replaceAll("/", "_").replace("=", "");
    const other = { ...jwk, x: new Uint8Array(32).toBase64({ alphabet: "base64url", omitPadding: true }) };
    const keys = [other, { ...jwk, x }];
    expect(await reasonOf(published(V1A), { ...ED25519_KEY, public_key: { keys } })).toBe("genuine");
  });

  it("takes the time within the tolerance, to the second", async () => {
    const at = (seconds: number) => ({ now_ms: THEN.now_ms + seconds * 1_000 });
    const reason = (options: VerifyOptions) => reasonOf(published(V1), HMAC_KEY, options);
    expect(await reason(at(300))).toBe("genuine");
    expect(await reason(at(-300))).toBe("genuine");
    expect(await verifySignature(published(V1), HMAC_KEY, at(301))).toEqual({
      ok: false,
      error: { reason: "too_old", age_seconds: 301 },
    });
    expect(await reason(at(-301))).toBe("too_new");
    expect(await reason({ ...at(11), tolerance_seconds: 10 })).toBe("too_old");
    expect(await reason({})).toBe("too_old");
  });

  it.each([
    ["webhook-id", "", "missing_header"],
    ["webhook-id", "msg.p5", "malformed_header"],
    ["webhook-timestamp", "", "missing_header"],
    ["webhook-timestamp", "2021-02-25T15:02:10Z", "malformed_header"],
    ["webhook-timestamp", "-1614265330", "malformed_header"],
    ["webhook-timestamp", "1614265330.0", "malformed_header"],
    ["webhook-signature", "", "missing_header"],
    ["webhook-signature", "v1", "malformed_header"],
    ["webhook-signature", "v1,", "malformed_header"],
    ["webhook-signature", V1.slice(3), "malformed_header"],
    ["webhook-signature", V1.slice(0, -1), "malformed_header"],
    ["webhook-signature", "v1,g0hM9SsE", "no_matching_signature"],
    ["webhook-signature", Array(21).fill(V1).join(" "), "malformed_header"],
    ["webhook-signature", `${"v1,".padEnd(8_200, "A")} ${V1}`, "malformed_header"],
  ])("refuses %s %j: %s", async (name, value, reason) => {
    expect(await reasonOf(published(V1, { [name]: value }), HMAC_KEY)).toBe(reason);
  });

  it.each(["", "whsec_", "whsec_!!", "whsec_abc"])("says that the secret %j is not one", async (secret) => {
    expect(await reasonOf(published(V1), { ...HMAC_KEY, secret })).toBe("invalid_key");
    expect(await reasonOf(published(V1), { ...HMAC_KEY, secret: [SECRET, secret] })).toBe("invalid_key");
  });

  it("says that a key is missing or of another length", async () => {
    expect(await reasonOf(published(V1), { ...HMAC_KEY, secret: [] })).toBe("invalid_key");
    for (const public_key of ["", "whpk_AAAA", SECRET, { keys: [] }]) {
      expect(await reasonOf(published(V1A), { ...ED25519_KEY, public_key })).toBe("invalid_key");
    }
  });

  it("accepts what the reference library signs, and nothing that changed since", async () => {
    const secrets = fc.uint8Array({ minLength: 24, maxLength: 64 }).map((bytes) => `whsec_${bytes.toBase64()}`);
    const ids = fc.stringMatching(/^[a-zA-Z0-9_-]{1,60}$/);
    const bodies = fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(secrets, ids, bodies, fc.nat(), async (secret, id, body, position) => {
        const signature = new Webhook(secret).sign(id, new Date(NOW * 1_000), body);
        const headers = { "webhook-id": id, "webhook-timestamp": String(NOW), "webhook-signature": signature };
        const key = { scheme: "standard-webhooks", secret } as const;
        const now = { now_ms: NOW * 1_000 };
        expect(await reasonOf({ headers, body: bytesOf(body) }, key, now)).toBe("genuine");
        expect(await reasonOf({ headers, body: bytesOf(altered(body, position)) }, key, now)).not.toBe("genuine");
        const changed = { ...headers, "webhook-id": altered(id, position) };
        expect(await reasonOf({ headers: changed, body: bytesOf(body) }, key, now)).not.toBe("genuine");
      }),
    );
  });
});

describe("headers", () => {
  const entries: readonly [string, string][] = [
    ["Webhook-Id", PUBLISHED.id],
    ["WEBHOOK-TIMESTAMP", PUBLISHED.timestamp],
    ["webhook-signature", V1],
  ];

  it.each([
    ["of the platform", new Headers(entries.map(([name, value]) => [name, value]))],
    ["in any case", Object.fromEntries(entries)],
    ["with lists, as Node has them", Object.fromEntries(entries.map(([name, value]) => [name, [value]]))],
  ])("are read %s", async (_, headers) => {
    expect(await reasonOf({ headers, body: bytesOf(BODY).slice().buffer }, HMAC_KEY)).toBe("genuine");
  });
});

function keyOf(signing: Signing, key: string): VerificationKey {
  switch (signing.scheme) {
    case "standard-webhooks":
      return { scheme: signing.scheme, secret: key };
    case "standard-webhooks-ed25519":
      return { scheme: signing.scheme, public_key: key };
    case "rfc9421":
      return signing.algorithm === "ed25519"
        ? { scheme: "rfc9421", algorithm: "ed25519", public_key: key }
        : { scheme: "rfc9421", algorithm: "hmac-sha256", secret: key };
    case "hmac":
      return { ...signing, secret: key };
    case "none":
      throw new Error("nothing is signed");
  }
}

describe.each(SIGNING_CASES)("a request that the gateway signs: $name", (signingCase) => {
  const { signing } = signingCase;
  const now = { now_ms: NOW * 1_000 };
  const template = signing.scheme === "hmac" ? signing.template : "{{id}}{{timestamp}}{{body}}";

  async function arrived() {
    const { body, ...request } = await signedRequest(ring, signingCase);
    return { request: { ...request, body: bytesOf(body) }, key: keyOf(signing, request.key) };
  }

  it("is genuine by the new key and by the old one", async () => {
    const { request, key } = await arrived();
    expect(await verifySignature(request, key, now)).toEqual({
      ok: true,
      id: request.headers["webhook-id"],
      timestamp_seconds: NOW,
    });
    if (request.old_key !== null) {
      expect(await reasonOf(request, keyOf(signing, request.old_key), now)).toBe("genuine");
    }
  });

  it("is refused with another body, id, time, method, URL or content type, as far as the scheme covers them", async () => {
    const { request, key } = await arrived();
    const covered = [
      "body",
      ...(template.includes("{{id}}") ? ["webhook-id"] : []),
      ...(template.includes("{{timestamp}}") ? ["webhook-timestamp"] : []),
      ...(signing.scheme === "rfc9421" ? ["content-type", "content-digest", "method", "url"] : []),
    ];
    const changes: Readonly<Record<string, (position: number) => ReceivedRequest>> = {
      body: (position) => ({
        ...request,
        body: request.body.map((byte, at) => (at === position % request.body.length ? byte ^ 1 : byte)),
      }),
      method: () => ({ ...request, method: "PUT" }),
      url: (position) => ({ ...request, url: request.url.slice(0, 8) + altered(request.url.slice(8), position) }),
    };
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...covered), fc.nat(1_000), async (part, position) => {
        const header = { ...request.headers, [part]: altered(request.headers[part] ?? "", position) };
        const changed = changes[part]?.(position) ?? { ...request, headers: header };
        expect(await reasonOf(changed, key, now), part).not.toBe("genuine");
      }),
    );
  });

  it("is refused without its signature", async () => {
    const { request, key } = await arrived();
    const name =
      signing.scheme === "hmac" ? signing.header : signing.scheme === "rfc9421" ? "signature" : "webhook-signature";
    const { [name]: _, ...headers } = request.headers;
    expect(await verifySignature({ ...request, headers }, key, now)).toEqual({
      ok: false,
      error: { reason: "missing_header", header: name },
    });
  });
});

describe("rfc9421", () => {
  const rfc9421 = SIGNING_CASES.find(({ name }) => name === "rfc9421 with ed25519");

  it("refuses a signature that covers less, and a body of another digest", async () => {
    if (rfc9421 === undefined) throw new Error("no such case");
    const { body, key, ...rest } = await signedRequest(ring, rfc9421);
    const request = { ...rest, body: bytesOf(body) };
    const signing = { scheme: "rfc9421", algorithm: "ed25519", public_key: key } as const;
    const now = { now_ms: NOW * 1_000 };
    const less = (request.headers["signature-input"] ?? "").replace(' "content-digest"', "");
    const headers = { ...request.headers, "signature-input": less };
    expect(await reasonOf({ ...request, headers }, signing, now)).toBe("malformed_header");
    expect(await reasonOf({ ...request, body: bytesOf("{}") }, signing, now)).toBe("wrong_digest");
    expect(await reasonOf({ ...request, url: undefined }, signing, now)).toBe("no_matching_signature");
    expect(await reasonOf({ ...request, url: `${request.url}#part` }, signing, now)).toBe("genuine");
  });
});

describe("an envelope", () => {
  const signed = (body: string | Uint8Array): ReceivedRequest => {
    const bytes = typeof body === "string" ? bytesOf(body) : body;
    const signature = new Webhook(SECRET).sign("dlv_1", new Date(THEN.now_ms), Buffer.from(bytes));
    const headers = {
      "webhook-id": "dlv_1",
      "webhook-timestamp": PUBLISHED.timestamp,
      "webhook-signature": signature,
    };
    return { headers, body: bytes };
  };

  it("comes with the verified request", async () => {
    const envelope = {
      type: "event.received",
      timestamp: "2026-11-20T10:00:00.000Z",
      data: { event: { id: "evt_1" } },
    };
    const result = await verify(signed(JSON.stringify(envelope)), HMAC_KEY, THEN);
    expect(result).toEqual({ ok: true, id: "dlv_1", timestamp_seconds: 1_614_265_330, envelope });
    if (result.ok && result.envelope.type === "event.received") expect(result.envelope.data.event.id).toBe("evt_1");
  });

  it.each(["[]", "null", "text", '{"type":1,"timestamp":"","data":{}}', '{"type":"test","data":{}}', "{}"])(
    "is not %s, though its signature is good",
    async (body) => {
      expect(await verify(signed(body), HMAC_KEY, THEN)).toEqual({ ok: false, error: { reason: "not_an_envelope" } });
      expect(await reasonOf(signed(body), HMAC_KEY)).toBe("genuine");
    },
  );

  it("is not looked at before the signature is verified", async () => {
    const result = await verify({ ...signed("[]"), body: bytesOf("{") }, HMAC_KEY, THEN);
    expect(result).toEqual({ ok: false, error: { reason: "no_matching_signature" } });
  });
});
