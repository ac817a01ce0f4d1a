import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { contextOf, forgetContext } from "../../../src/context.ts";
import { jwksResponse } from "../../../src/signing/jwks.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, clientOf, faultsOf, statusOf, textOf } from "../../support/api.ts";
import { destinationWith } from "../../support/configuration.ts";
import { maintain } from "../../support/maintenance.ts";
import { attemptWith } from "../../support/attempts.ts";
import { type Seen, createWorld, fakeOutside } from "../../support/world.ts";
import { tables } from "../../support/tables.ts";

const NEW_KEY = new Uint8Array(32).fill(9).toBase64();
const HOUR_MS = 3_600_000;

async function publishedKids(): Promise<string[]> {
  const { keys, clock } = contextOf(env);
  const { keys: published } = await jwksResponse(await keys.signingKeys(clock())).json<{ keys: { kid: string }[] }>();
  return published.map(({ kid }) => kid);
}

/** The keys of the JWKS as an isolate that starts now has them, by id. */
async function verifyingKeys(): Promise<Map<string, CryptoKey>> {
  const pairs = await contextOf(env).keys.signingKeys(Date.now());
  const imported = pairs.map(async ({ id, public_key }) => {
    return [id, await crypto.subtle.importKey("raw", public_key, { name: "Ed25519" }, false, ["verify"])] as const;
  });
  return new Map(await Promise.all(imported));
}

async function isSignedBy(key: CryptoKey | undefined, { headers, body }: Seen): Promise<boolean> {
  if (key === undefined) return false;
  const message = new TextEncoder().encode(`${headers.get("webhook-id")}.${headers.get("webhook-timestamp")}.${body}`);
  const signatures = (headers.get("webhook-signature") ?? "").split(" ");
  const checks = signatures.map(async (each) => {
    const signature = Uint8Array.fromBase64(each.replace("v1a,", ""));
    return await crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
  });
  return (await Promise.all(checks)).includes(true);
}

describe("GET /keys", () => {
  it("shows the keys and their master keys, and no key", async () => {
    const reply = await client.keys.get();
    const status = statusOf(reply);
    const json = unwrap(reply);
    const text = textOf(reply);
    expect(status).toBe(200);
    const { current, data } = json;
    expect(json).toMatchObject({ previous: null, remaining: 0, progress: { done: 4, total: 4, rotating: false } });
    expect(data).toMatchObject(
      ["address", "hash", "seal", "sign"].map((purpose) => ({ purpose, expires_at: null, wrapped_under: [current] })),
    );
    for (const { wraps } of await tables.keys.all()) {
      expect(text).not.toContain(JSON.parse(String(wraps))[current].wrapped);
    }
  });

  it("shows how far a rotation is", async () => {
    const { current: before } = unwrap(await client.keys.get());
    forgetContext();
    const rotating = { MASTER_KEY: NEW_KEY, MASTER_KEY_PREVIOUS: env.MASTER_KEY };
    const started = unwrap(await clientOf({ bindings: rotating }).keys.get());
    expect(started).toMatchObject({ previous: before, remaining: 4, progress: { done: 0, total: 4, rotating: true } });
    await maintain(createWorld(rotating).context, "* * * * *", Date.now());
    const { current, remaining, data } = unwrap(await clientOf({ bindings: rotating }).keys.get());
    expect(remaining).toBe(0);
    expect(new Set(data[0]?.wrapped_under)).toEqual(new Set([before, current]));
  });
});

describe("the gateway's signing key", () => {
  it("is replaced with an overlap, in which both keys sign and both are published", async () => {
    const [old] = await publishedKids();
    const rotated = await client.keys.rotateSigning({ overlap_seconds: 7_200 });
    expect(statusOf(rotated)).toBe(200);
    const { id } = unwrap(rotated);
    expect(await publishedKids()).toEqual([id, old]);

    const seen = fakeOutside();
    const keys = await verifyingKeys();
    await attemptWith(destinationWith({ signing: { scheme: "standard-webhooks-ed25519" }, signing_secrets: [] }));
    await attemptWith(destinationWith({ signing: { scheme: "rfc9421", algorithm: "ed25519" }, signing_secrets: [] }));
    const [webhook, message] = seen;
    if (webhook === undefined || message === undefined) throw new Error("nothing was sent");
    expect(await isSignedBy(keys.get(id), webhook)).toBe(true);
    expect(await isSignedBy(keys.get(old ?? ""), webhook)).toBe(true);
    const input = message.headers.get("signature-input") ?? "";
    expect(input).toMatch(new RegExp(`^sig1=.*keyid="${id}".*, sig2=.*keyid="${old}"`));
    expect(message.headers.get("signature")).toMatch(/^sig1=:.*:, sig2=:.*:$/);

    const now = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(now + 2 * HOUR_MS);
    expect(await publishedKids()).toEqual([id]);
  });

  it("is used by other isolates within a minute", async () => {
    const { keys, clock } = contextOf(env);
    const [old] = await keys.signingKeys(clock());
    forgetContext();
    const { id } = unwrap(await client.keys.rotateSigning());
    expect((await keys.signingKeys(clock()))[0].id).toBe(old.id);
    const now = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(now + 60_000);
    expect((await keys.signingKeys(clock())).map((each) => each.id)).toEqual([id, old.id]);
  });

  it("that has leaked stops at once with an overlap of 0, as do those that it had replaced", async () => {
    await client.keys.rotateSigning();
    const { id } = unwrap(await client.keys.rotateSigning({ overlap_seconds: 0 }));
    expect(await publishedKids()).toEqual([id]);
  });

  it("cannot have more than three predecessors in force", async () => {
    await publishedKids();
    for (let n = 0; n < 3; n++) expect(statusOf(await client.keys.rotateSigning())).toBe(200);
    expect(statusOf(await client.keys.rotateSigning())).toBe(409);
    expect(statusOf(await client.keys.rotateSigning({ overlap_seconds: 0 }))).toBe(200);
    expect(await publishedKids()).toHaveLength(1);
  });

  it("is replaced by administrators only, once for each Idempotency-Key", async () => {
    const { token } = unwrap(await client.tokens.create({ name: "ci", scopes: ["write"] }));
    expect(statusOf(await clientOf({ token }).keys.rotateSigning({}))).toBe(403);
    const first = await client.keys.rotateSigning({}, { idempotency_key: "one" });
    expect(unwrap(await client.keys.rotateSigning({}, { idempotency_key: "one" }))).toEqual(unwrap(first));
    expect(await publishedKids()).toHaveLength(2);
    expect(faultsOf(await client.keys.rotateSigning({ overlap_seconds: -1 }))).toEqual(["overlap_seconds"]);
  });
});
