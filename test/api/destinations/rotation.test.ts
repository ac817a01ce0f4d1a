import { asPrimary } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import type { SealedSecret } from "../../../src/model/destination.ts";
import { findDestination, rotateSigningSecret } from "../../../src/storage/destinations/destinations.ts";
import { type KeyedCallOptions, type SecretRotation, unwrap } from "../../../src/client/index.ts";
import {
  client,
  createDestination,
  faultsOf,
  headersOf,
  request,
  statusOf,
  textOf,
  unchecked,
} from "../../support/api.ts";
import { tables } from "../../support/tables.ts";

const SECRET = `whsec_${new Uint8Array(32).fill(9).toBase64()}`;
const WEEK_SECONDS = 604_800;

async function stored(id: string): Promise<readonly SealedSecret[]> {
  return (await findDestination(asPrimary(env.DB), id))?.signing_secrets ?? [];
}

async function secretsOf(id: string): Promise<string[]> {
  const opened = (await stored(id)).map(({ sealed }) => contextOf(env).keys.unseal(sealed, id));
  return (await Promise.all(opened)).map((secret) => (secret.ok ? secret.value : secret.error));
}

function rotate(id: string, body?: SecretRotation, options: KeyedCallOptions = {}) {
  return client.destinations.rotateSecret(id, body, options);
}

describe("rotating a destination's secret", () => {
  it("answers the destination with a new secret, and lets the old one sign for a day", async () => {
    const { signing_secret: old, ...made } = await createDestination();
    const before = Date.now();
    const reply = await rotate(made.id);
    const after = Date.now();
    expect(statusOf(reply)).toBe(200);
    const { signing_secret: secret, ...shown } = unwrap(reply);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const [current, retiring] = await stored(made.id);
    const { updated_at } = shown;
    expect(shown).toEqual({ ...made, updated_at, signing_overlap_ends_at: retiring?.expires_at });
    expect(unwrap(await client.destinations.get(made.id)).signing_overlap_ends_at).toBe(retiring?.expires_at);
    expect(await secretsOf(made.id)).toEqual([secret, old]);
    expect(current?.expires_at).toBe(null);
    const ends = Date.parse(retiring?.expires_at ?? "");
    expect(ends).toBeGreaterThanOrEqual(before + 86_400_000);
    expect(ends).toBeLessThanOrEqual(after + 86_400_000);
    const later = await client.destinations.get(made.id);
    expect(textOf(later)).not.toMatch(/whsec_|sealed/);
    expect(unwrap(later).updated_at).toBe(shown.updated_at);
  });

  it("is in force in this isolate when it is answered", async () => {
    const { id } = await createDestination();
    const { config } = contextOf(env).caches;
    expect((await config.load()).destinations.get(id)?.signing_secrets).toHaveLength(1);
    await rotate(id, { overlap_seconds: 60 });
    expect((await config.load()).destinations.get(id)?.signing_secrets).toHaveLength(2);
  });

  it("ends all earlier secrets at once with an overlap of 0", async () => {
    const { id } = await createDestination();
    await rotate(id);
    const reply = await rotate(id, { overlap_seconds: 0 });
    expect(await secretsOf(id)).toEqual([unwrap(reply).signing_secret]);
  });

  it("takes a secret that is given, in the form of the scheme", async () => {
    const { id } = await createDestination();
    expect(unwrap(await rotate(id, { secret: SECRET })).signing_secret).toBe(SECRET);
    expect(faultsOf(await rotate(id, { secret: "text" }))).toEqual(["secret"]);
    const { id: other } = await createDestination({ signing: { scheme: "hmac", header: "x-sig", secret: "old" } });
    await rotate(other, { secret: "text" });
    expect(await secretsOf(other)).toEqual(["text", "old"]);
  });

  it("does it once under one Idempotency-Key", async () => {
    const { id } = await createDestination();
    const [one, two] = [await rotate(id, {}, { idempotency_key: "k" }), await rotate(id, {}, { idempotency_key: "k" })];
    expect(unwrap(two)).toEqual(unwrap(one));
    expect(headersOf(two).get("idempotency-replayed")).toBe("true");
    expect(await stored(id)).toHaveLength(2);
  });

  it("loses none of several that come at once", async () => {
    const { id, signing_secret: first } = await createDestination();
    const replies = await Promise.all([rotate(id), rotate(id), rotate(id), rotate(id)]);
    const told = replies.map((reply) => unwrap(reply).signing_secret ?? "");
    expect((await secretsOf(id)).toSorted()).toEqual([first ?? "", ...told].toSorted());
    expect((await stored(id)).filter(({ expires_at }) => expires_at === null)).toHaveLength(1);
  });

  it("leaves an earlier secret the end that it had, and drops those that have ended", async () => {
    const { id } = await createDestination();
    await rotate(id, { overlap_seconds: 3_600 });
    const [, first] = await stored(id);
    await rotate(id, { overlap_seconds: WEEK_SECONDS });
    expect((await stored(id))[2]).toEqual(first);
    await tables.destinations.edit<object[]>({}, "signing_secrets", (secrets) =>
      secrets.with(1, { ...secrets[1], expires_at: "2020-01-01T00:00:00.000Z" }),
    );
    await rotate(id);
    const left = await stored(id);
    expect(left).toHaveLength(3);
    expect(left[2]).toEqual(first);
  });

  it("stops at ten secrets in force, until they are ended", async () => {
    const { id } = await createDestination();
    for (let count = 1; count < 10; count++) expect(statusOf(await rotate(id))).toBe(200);
    const refused = await rotate(id);
    expect(statusOf(refused)).toBe(409);
    expect(await stored(id)).toHaveLength(10);
    expect(statusOf(await rotate(id, { overlap_seconds: 0 }))).toBe(200);
    expect(await stored(id)).toHaveLength(1);
  });

  it("drops the oldest where rotations at once would make more than ten", async () => {
    const { id } = await createDestination();
    const at = new Date().toISOString();
    const retires_at = new Date(Date.now() + 60_000).toISOString();
    for (let count = 1; count <= 11; count++) {
      await rotateSigningSecret(asPrimary(env.DB), id, {
        sealed: `s${count}`,
        retires_at,
        max_secrets: 10,
        at,
      }).run();
    }
    const left = (await stored(id)).map(({ sealed }) => sealed);
    expect(left).toEqual(Array.from({ length: 10 }, (_, index) => `s${11 - index}`));
  });

  it("makes no secret for a destination whose scheme has meanwhile become one without", async () => {
    const { id } = await createDestination({ signing: { scheme: "none" } });
    const at = new Date().toISOString();
    await rotateSigningSecret(asPrimary(env.DB), id, {
      sealed: "s",
      retires_at: null,
      max_secrets: 10,
      at,
    }).run();
    expect(await stored(id)).toEqual([]);
  });

  it.each([{ scheme: "none" }, { scheme: "standard-webhooks-ed25519" }, { scheme: "rfc9421" }] as const)(
    "is refused with 409 for %j, which has no secret",
    async (signing) => {
      const { id } = await createDestination({ signing });
      const reply = await rotate(id);
      expect(statusOf(reply)).toBe(409);
      expect(faultsOf(reply)).toEqual([]);
    },
  );

  it.each([
    [{ overlap_seconds: -1 }, "overlap_seconds"],
    [{ overlap_seconds: WEEK_SECONDS + 1 }, "overlap_seconds"],
    [{ overlap_seconds: 1.5 }, "overlap_seconds"],
    [{ overlap_seconds: "60" }, "overlap_seconds"],
    [{ overlap_seconds: null }, "overlap_seconds"],
    [{ secret: "" }, "secret"],
    [{ secret: 5 }, "secret"],
    [{ signing_secret: SECRET }, "signing_secret"],
  ])("is refused with %j, and changes nothing", async (body, path) => {
    const { id, signing_secret: secret } = await createDestination();
    const reply = await rotate(id, unchecked(body));
    expect(statusOf(reply)).toBe(400);
    expect(faultsOf(reply)).toEqual([path]);
    expect(await secretsOf(id)).toEqual([secret]);
  });

  it("is 404 for a destination that is not there, and 405 for another method", async () => {
    expect(statusOf(await rotate("dst_0000000000000000000000000009"))).toBe(404);
    const { id } = await createDestination();
    expect((await request(`/destinations/${id}/rotate-secret`)).status).toBe(405);
  });
});
