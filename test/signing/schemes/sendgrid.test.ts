import { createSign, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ok } from "../../../src/model/result.ts";
import { fromDer } from "../../../src/signing/ecdsa.ts";
import { openSecret, verifySignature } from "../../../src/signing/inbound.ts";

const SETTINGS = { scheme: "sendgrid" };
const NOW = 1_790_000_000;

describe("SendGrid's signature", () => {
  // Written by another implementation, many times, because numbers of every length must be read.
  it("is that of OpenSSL", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const secret = publicKey.export({ type: "spki", format: "der" }).toString("base64");
    const key = await openSecret(SETTINGS, secret);
    if (key === null) throw new Error("no key");
    for (let count = 0; count < 300; count++) {
      const body = `[{"email":"bea@example.com","sg_event_id":"${count}"}]\r\n`;
      const signature = createSign("sha256").update(`${NOW}${body}`).sign(privateKey).toString("base64");
      const headers = new Headers({
        "x-twilio-email-event-webhook-signature": signature,
        "x-twilio-email-event-webhook-timestamp": String(NOW),
      });
      const head = { method: "POST", url: new URL("https://gate.example.net/"), headers };
      const read = () => Promise.resolve(ok(new TextEncoder().encode(body)));
      expect((await verifySignature(SETTINGS, [key], head, read, NOW * 1_000)).ok).toBe(true);
    }
  });

  it.each(["", "sec_abc", "AAAA", "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE", "-----BEGIN PUBLIC KEY-----"])(
    "needs a public key, which %j is not",
    async (secret) => {
      expect(await openSecret(SETTINGS, secret)).toBeNull();
    },
  );

  it("needs a key of its own curve", async () => {
    for (const { publicKey } of [
      generateKeyPairSync("ec", { namedCurve: "P-384" }),
      generateKeyPairSync("rsa", { modulusLength: 2_048 }),
    ]) {
      const secret = publicKey.export({ type: "spki", format: "der" }).toString("base64");
      expect(await openSecret(SETTINGS, secret)).toBeNull();
    }
  });

  it("has one spelling: other bytes are no signature", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const read = fromDer(bytes);
        expect(read === null || read.length === 64).toBe(true);
      }),
    );
    expect(fromDer(Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 1))).toHaveLength(64);
    expect(fromDer(Uint8Array.of(0x30, 7, 2, 2, 0, 1, 2, 1, 1))).toBeNull();
    expect(fromDer(Uint8Array.of(0x30, 6, 2, 1, 0x81, 2, 1, 1))).toBeNull();
    expect(fromDer(Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 1, 0))).toBeNull();
  });
});
