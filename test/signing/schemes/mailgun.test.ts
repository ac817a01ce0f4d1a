import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ok } from "../../../src/model/result.ts";
import { explainSignature } from "../../../src/signing/explain.ts";
import { openSecret, verifySignature } from "../../../src/signing/inbound.ts";

const SETTINGS = { scheme: "mailgun" };
const SECRET = "key-0123456789";
const NOW = 1_790_000_000;
const TOKEN = "b2c1".repeat(12);

const sign = (at: number | string, token = TOKEN, secret = SECRET): string =>
  createHmac("sha256", secret).update(`${at}${token}`).digest("hex");

const event = (fields: object): string => JSON.stringify({ signature: fields, "event-data": { event: "delivered" } });

const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";

async function keyOf(secret: string) {
  const key = await openSecret(SETTINGS, secret);
  if (key === null) throw new Error("no key");
  return key;
}

const headOf = (type: string) => ({
  method: "POST",
  url: new URL("https://gate.example.net/integration/int_1"),
  headers: new Headers({ "content-type": type }),
});

async function verify(body: string, type = JSON_TYPE, secret = SECRET) {
  const read = () => Promise.resolve(ok(new TextEncoder().encode(body)));
  return await verifySignature(SETTINGS, [await keyOf(secret)], headOf(type), read, NOW * 1_000);
}

async function outcomeOf(body: string, type = JSON_TYPE, secret = SECRET): Promise<string> {
  const verified = await verify(body, type, secret);
  return verified.ok ? "accepted" : String(verified.error);
}

describe("Mailgun's signature", () => {
  it("is read from the body of an event, and of a form", async () => {
    const fields = { timestamp: String(NOW), token: TOKEN, signature: sign(NOW) };
    expect(await outcomeOf(event(fields))).toBe("accepted");
    expect(await outcomeOf(event({ ...fields, timestamp: NOW }))).toBe("accepted");
    const form = new URLSearchParams({ from: "Bea <bea@example.com>", ...fields }).toString();
    expect(await outcomeOf(form, FORM_TYPE)).toBe("accepted");
    const part = (name: string, value: string) =>
      `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const parts = Object.entries(fields).map(([name, value]) => part(name, value));
    expect(await outcomeOf(`${parts.join("")}--b--\r\n`, "multipart/form-data; boundary=b")).toBe("accepted");
  });

  it("is refused with another secret, time or token, and when it is old", async () => {
    const fields = { timestamp: String(NOW), token: TOKEN, signature: sign(NOW) };
    expect(await outcomeOf(event(fields), JSON_TYPE, "another")).toBe("mismatch");
    expect(await outcomeOf(event({ ...fields, timestamp: String(NOW + 1) }))).toBe("mismatch");
    expect(await outcomeOf(event({ ...fields, token: `${TOKEN}0` }))).toBe("mismatch");
    for (const at of [NOW - 301, NOW + 301]) {
      expect(await outcomeOf(event({ timestamp: String(at), token: TOKEN, signature: sign(at) }))).toBe("stale");
    }
  });

  it.each([
    ["{}", JSON_TYPE, "missing"],
    ["[]", JSON_TYPE, "missing"],
    ["", JSON_TYPE, "missing"],
    ["not JSON", JSON_TYPE, "missing"],
    ['{"signature":"text"}', JSON_TYPE, "missing"],
    ["a=1", FORM_TYPE, "missing"],
    ["a=1", "multipart/form-data", "missing"],
    [event({ timestamp: "now", token: TOKEN, signature: sign("now") }), JSON_TYPE, "malformed"],
    [event({ timestamp: String(NOW), token: "", signature: sign(NOW, "") }), JSON_TYPE, "malformed"],
    [event({ timestamp: String(NOW), token: [TOKEN], signature: sign(NOW) }), JSON_TYPE, "malformed"],
    [event({ timestamp: String(NOW), token: TOKEN, signature: "?" }), JSON_TYPE, "malformed"],
    [event({ timestamp: String(NOW), token: "a".repeat(257), signature: sign(NOW) }), JSON_TYPE, "malformed"],
  ])("is not in %j as %s: %s", async (body, type, fault) => {
    expect(await outcomeOf(body, type)).toBe(fault);
  });

  it("makes a request with the same token a repeat, whatever its body became", async () => {
    const fields = { timestamp: String(NOW), token: TOKEN, signature: sign(NOW) };
    const first = await verify(event(fields));
    const second = await verify(JSON.stringify({ signature: fields, "event-data": { event: "forged" } }));
    if (!first.ok || !second.ok) throw new Error("refused");
    expect(first.value.identity).toEqual(second.value.identity);
  });

  it("never accepts or throws on a body of random bytes", async () => {
    const keys = [await keyOf(SECRET)];
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(JSON_TYPE, FORM_TYPE),
        async (bytes, type) => {
          const result = await verifySignature(SETTINGS, keys, headOf(type), () => Promise.resolve(ok(bytes)), NOW);
          expect(result.ok).toBe(false);
        },
      ),
    );
  });

  it("is explained with the bytes that were signed", async () => {
    const body = new TextEncoder().encode(event({ timestamp: String(NOW), token: TOKEN, signature: "00".repeat(32) }));
    const explained = await explainSignature(SETTINGS, [await keyOf(SECRET)], headOf(JSON_TYPE), body, NOW * 1_000);
    expect(explained.fault).toBe("mismatch");
    expect(explained.messages.map((bytes) => new TextDecoder().decode(bytes))).toEqual([`${NOW}${TOKEN}`]);
  });
});
