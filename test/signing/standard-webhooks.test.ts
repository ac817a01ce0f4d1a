import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { openSigningSecret } from "../../src/signing/outbound.ts";
import type { SigningKey } from "../../src/signing/signing-key.ts";
import { secretBytes, signedHeaders } from "../../src/signing/standard-webhooks.ts";

const encoder = new TextEncoder();

const importSecret = (secret: string) => openSigningSecret({ scheme: "standard-webhooks" }, secret);

async function keyOf(secret: string): Promise<SigningKey> {
  const key = await importSecret(secret);
  if (key === null) throw new Error("the secret was refused");
  return key;
}

const secrets = fc.uint8Array({ minLength: 24, maxLength: 64 }).map((bytes) => `whsec_${bytes.toBase64()}`);
const ids = fc.stringMatching(/^[a-zA-Z0-9_-]{1,60}$/);
const bodies = fc.string({ unit: "binary", maxLength: 400 });

/** A time within the tolerance of a verifier, in seconds. */
const recent = (): number => Math.floor(Date.now() / 1000);

/** Returns the text with one code unit changed. */
function altered(text: string, place: number): string {
  const index = place % text.length;
  return text.slice(0, index) + (text.charAt(index) === "x" ? "y" : "x") + text.slice(index + 1);
}

describe("signatures", () => {
  it("come to the value that the specification's reference libraries publish", async () => {
    const keys = [await keyOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")];
    const body = encoder.encode('{"test": 2432232314}');
    expect(await signedHeaders(keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)).toEqual({
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  it("are accepted by the reference library for any secret, id and body", async () => {
    await fc.assert(
      fc.asyncProperty(secrets, ids, bodies, async (secret, id, body) => {
        const headers = await signedHeaders([await keyOf(secret)], id, recent(), encoder.encode(body));
        new Webhook(secret).verify(body, headers, { jsonParse: false });
      }),
    );
  });

  it("are refused by the reference library once body, id or time-stamp changes by one character", async () => {
    const given = fc.record({
      secret: secrets,
      id: ids,
      body: fc.string({ unit: "grapheme-ascii", minLength: 1 }),
      place: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ secret, id, body, place }) => {
        const headers = await signedHeaders([await keyOf(secret)], id, recent(), encoder.encode(body));
        const verifier = new Webhook(secret);
        const verify = (text: string, changed: Record<string, string>) => () =>
          verifier.verify(text, { ...headers, ...changed }, { jsonParse: false });
        expect(verify(body, {})).not.toThrow();
        expect(verify(altered(body, place), {})).toThrow("No matching signature");
        expect(verify(body, { "webhook-id": altered(id, place) })).toThrow("No matching signature");
        expect(verify(body, { "webhook-timestamp": String(recent() + 1 + (place % 60)) })).toThrow(
          "No matching signature",
        );
      }),
    );
  });

  it("cover the bytes as they are, not the text that they decode to", async () => {
    const key = await keyOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    const one = await signedHeaders([key], "dlv_1", 1, Uint8Array.of(0xff));
    const other = await signedHeaders([key], "dlv_1", 1, Uint8Array.of(0xfe));
    expect(one["webhook-signature"]).not.toBe(other["webhook-signature"]);
  });

  it("are made with every key while a secret is rotated, so that a receiver with either accepts them", async () => {
    await fc.assert(
      fc.asyncProperty(secrets, secrets, secrets, ids, bodies, async (current, previous, foreign, id, body) => {
        fc.pre(current !== foreign && previous !== foreign);
        const keys = [await keyOf(current), await keyOf(previous)];
        const headers = await signedHeaders(keys, id, recent(), encoder.encode(body));
        expect(headers["webhook-signature"]?.split(" ").map((each) => each.slice(0, 3))).toEqual(["v1,", "v1,"]);
        new Webhook(current).verify(body, headers, { jsonParse: false });
        new Webhook(previous).verify(body, headers, { jsonParse: false });
        expect(() => new Webhook(foreign).verify(body, headers, { jsonParse: false })).toThrow("No matching signature");
      }),
    );
  });
});

describe("secrets", () => {
  it.each([
    ["nothing", ""],
    ["the prefix alone", "whsec_"],
    ["no prefix", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    ["another prefix", "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    ["the prefix in capitals", "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    ["what is not base64", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa!!"],
    ["the alphabet of URLs", "whsec_-fKQ9r8GKYqrTwjUPD8ILPZIo2LaLa_w"],
    ["23 bytes", `whsec_${new Uint8Array(23).toBase64()}`],
    ["65 bytes", `whsec_${new Uint8Array(65).toBase64()}`],
  ])("of %s are refused", async (_, secret) => {
    expect(secretBytes(secret)).toBeNull();
    expect(await importSecret(secret)).toBeNull();
  });

  it("of 24 to 64 bytes give those bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), (bytes) => {
        expect(secretBytes(`whsec_${bytes.toBase64()}`)).toEqual(bytes);
      }),
    );
  });
});
