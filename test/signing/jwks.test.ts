import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { app } from "../../src/app.ts";
import { forgetContext, contextOf } from "../../src/context.ts";

const PATH = "https://gate.example.net/.well-known/jwks.json";
const keySet = z.strictObject({
  keys: z.array(
    z.strictObject({
      kty: z.literal("OKP"),
      crv: z.literal("Ed25519"),
      x: z.string(),
      kid: z.string(),
      use: z.literal("sig"),
      alg: z.literal("EdDSA"),
      whpk: z.string(),
    }),
  ),
});

async function published(variables: Readonly<Record<string, string>> = {}) {
  const response = await app.request(PATH, {}, { ...env, ...variables });
  const { keys } = keySet.parse(await response.json());
  const [key] = keys;
  if (key === undefined || keys.length !== 1) throw new Error("not one key");
  return { key, response };
}

describe("/.well-known/jwks.json", () => {
  it("is a key set that may be kept, and needs no token", async () => {
    const { response } = await published();
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/jwk-set+json");
    expect(response.headers.get("cache-control")).toBe("public, max-age=3600");
  });

  it("holds the public half of the key that signs, and nothing of the private one", async () => {
    const { key } = await published();
    const [{ private_key, id }] = await contextOf(env).keys.signingKeys(Date.now());
    expect(key.kid).toBe(id);
    const { kty, crv, x, use, alg } = key;
    const verifying = await crypto.subtle.importKey("jwk", { kty, crv, x, use, alg }, { name: "Ed25519" }, false, [
      "verify",
    ]);
    const message = new Uint8Array([1, 2, 3]);
    const signature = await crypto.subtle.sign({ name: "Ed25519" }, private_key, message);
    expect(await crypto.subtle.verify({ name: "Ed25519" }, verifying, signature, message)).toBe(true);
    expect(Uint8Array.fromBase64(key.whpk.slice("whpk_".length))).toEqual(
      Uint8Array.fromBase64(x, { alphabet: "base64url" }),
    );
  });

  it("stays the same in other isolates, and while the master key is rotated", async () => {
    const { key } = await published();
    forgetContext();
    expect((await published()).key).toEqual(key);
    forgetContext();
    const rotated = { MASTER_KEY: new Uint8Array(32).fill(8).toBase64(), MASTER_KEY_PREVIOUS: env.MASTER_KEY };
    expect((await published(rotated)).key).toEqual(key);
  });

  it("is 503 while the keys are wrapped under another master key", async () => {
    await published();
    forgetContext();
    const other = { ...env, MASTER_KEY: new Uint8Array(32).fill(8).toBase64() };
    const reply = await app.request(PATH, {}, other);
    expect(reply.status).toBe(503);
    expect(reply.headers.get("retry-after")).toBe("5");
  });

  it("is only read", async () => {
    expect((await app.request(PATH, { method: "HEAD" }, env)).status).toBe(200);
    const reply = await app.request(PATH, { method: "POST" }, env);
    expect(reply.status).toBe(405);
    expect(reply.headers.get("allow")).toBe("GET, HEAD");
  });
});
