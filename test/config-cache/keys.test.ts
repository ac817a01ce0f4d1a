import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createKeyStore } from "../../src/config-cache/keys.ts";
import { type KeyRing, createKeyRing } from "../../src/crypto/key-ring.ts";
import { type KeyFault, KeysUnavailableError } from "../../src/crypto/keys-unavailable.ts";
import { asPrimary } from "../../src/platform/shards.ts";
import { fakeDatabase } from "../support/bindings.ts";
import { ringOf } from "../support/key-ring.ts";
import { emptyMeter, meteredDatabase } from "../support/metered-database.ts";
import { tables } from "../support/tables.ts";

const ROW = "dst_0000000000000000000000000001";
const HOUR_MS = 3_600_000;

type Options = { readonly previous?: number | null; readonly db?: D1Database; readonly now?: () => number };

/** An isolate of a gateway whose master keys consist of one byte each. */
function isolate(current: number, { previous = null, db = env.DB, now = () => Date.now() }: Options = {}) {
  const bytes = (fill: number) => new Uint8Array(32).fill(fill);
  const master_key_previous = previous === null ? null : bytes(previous);
  const store = createKeyStore(asPrimary(db), { master_key: bytes(current), master_key_previous }, now);
  return { store, ring: createKeyRing(store) };
}

async function idsOf(ring: KeyRing): Promise<readonly [string, string, string, string]> {
  const [sealed, hash, [pair], gateway] = await Promise.all([
    ring.seal("x", ROW),
    ring.hashToken("x"),
    ring.signingKeys(Date.now()),
    ring.gatewayId(),
  ]);
  return [sealed.split(".")[0] ?? "", hash.split(".")[0] ?? "", pair.id, gateway];
}

async function faultOf(work: Promise<unknown>): Promise<KeyFault | "none"> {
  return await work.then(
    () => "none" as const,
    (error: unknown) => {
      if (error instanceof KeysUnavailableError) return error.fault;
      throw error;
    },
  );
}

/** Tokens that a gateway stored before the table of keys existed. */
async function insertTokenOf(ring: KeyRing): Promise<void> {
  await tables.tokens.insert({ id: "tok_1", name: "ci", token_hash: await ring.hashToken("hgt_1") });
}

describe("the keys of a new gateway", () => {
  it("are random, not derived from the master key", async () => {
    const own = await idsOf(isolate(7).ring);
    const derived = await idsOf(ringOf(7));
    for (const id of own) expect(derived).not.toContain(id);
    expect(await ringOf(7).unseal(await isolate(7).ring.seal("x", ROW), ROW)).toEqual({
      ok: false,
      error: "unknown_key",
    });
  });

  it("are the same for isolates that start at the same moment", async () => {
    const rings = Array.from({ length: 8 }, () => isolate(7).ring);
    const ids = await Promise.all(rings.map(idsOf));
    expect(new Set(ids.map(String)).size).toBe(1);
    expect(await tables.keys.count()).toBe(4);
    const sealed = await rings[0]?.seal("s3cret", ROW);
    expect(await rings[7]?.unseal(sealed ?? "", ROW)).toEqual({ ok: true, value: "s3cret" });
  });

  it("are read once, with one call", async () => {
    await idsOf(isolate(7).ring);
    const meter = emptyMeter();
    const { ring } = isolate(7, { db: meteredDatabase(meter) });
    for (let n = 0; n < 20; n++) await Promise.all([idsOf(ring), ring.unseal(await ring.seal("x", ROW), ROW)]);
    expect(meter).toMatchObject({ calls: 1, written: 0 });
  });

  it("are stored wrapped only", async () => {
    const { ring } = isolate(7);
    await idsOf(ring);
    const rows = await tables.keys.all();
    expect(rows.map(({ purpose }) => purpose)).toEqual(["address", "hash", "seal", "sign"]);
    const { current } = await isolate(7).store.masterKeyIds();
    for (const { wraps } of rows) expect(Object.keys(JSON.parse(String(wraps)))).toEqual([current]);
  });
});

describe("a gateway of the first version", () => {
  it("keeps the keys that it derived from its master key", async () => {
    await insertTokenOf(ringOf(7));
    const { ring } = isolate(7);
    expect(await idsOf(ring)).toEqual(await idsOf(ringOf(7)));
    expect(await ring.unseal(await ringOf(7).seal("s3cret", ROW), ROW)).toEqual({ ok: true, value: "s3cret" });
    expect(await ring.hashToken("token")).toBe(await ringOf(7).hashToken("token"));
    expect((await ring.signingKeys(0))[0].public_key).toEqual((await ringOf(7).signingKeys(0))[0].public_key);
  });

  it("keeps them if its master key is rotated with the upgrade", async () => {
    await insertTokenOf(ringOf(7));
    expect(await idsOf(isolate(8, { previous: 7 }).ring)).toEqual(await idsOf(ringOf(7)));
  });

  it("keeps its signing key if it has no secrets yet", async () => {
    await tables.integrations.insert({ id: "int_1" });
    expect(await idsOf(isolate(7).ring)).toEqual(await idsOf(ringOf(7)));
  });

  it("stores nothing under another master key than its own, so that setting it again is enough", async () => {
    await insertTokenOf(ringOf(7));
    expect(await faultOf(isolate(8).ring.hashToken("x"))).toBe("other_master_key");
    expect(await tables.keys.count()).toBe(0);
    expect(await idsOf(isolate(7).ring)).toEqual(await idsOf(ringOf(7)));
  });
});

describe("a rotation of the master key", () => {
  it("changes no key, and isolates of all deployments work at each step", async () => {
    let now = Date.now();
    const clock = { now: () => now };
    const before = isolate(1, clock);
    const ids = await idsOf(before.ring);
    const sealed = await before.ring.seal("s3cret", ROW);
    const check = async (...rings: readonly KeyRing[]) => {
      for (const ring of rings) {
        expect(await idsOf(ring)).toEqual(ids);
        expect(await ring.unseal(sealed, ROW)).toEqual({ ok: true, value: "s3cret" });
      }
    };
    await check(isolate(2, { previous: 1 }).ring, isolate(1).ring);
    const during = isolate(2, { previous: 1, ...clock });
    expect(await during.store.rewrap()).toBe(4);
    expect(await during.store.rewrap()).toBe(0);
    await check(isolate(1).ring, isolate(2, { previous: 1 }).ring, isolate(2).ring);
    const after = isolate(2, clock);
    expect(await after.store.rewrap()).toBe(0);
    now += HOUR_MS;
    expect(await isolate(1, clock).store.rewrap()).toBe(0);
    expect(await after.store.rewrap()).toBe(4);
    await check(before.ring, isolate(2).ring, isolate(3, { previous: 2 }).ring);
    expect(await faultOf(isolate(1).ring.hashToken("x"))).toBe("other_master_key");
  });

  it("that sets both to the same key, as its first step does, changes nothing", async () => {
    const { ring } = isolate(1);
    await idsOf(ring);
    const both = isolate(1, { previous: 1 });
    expect(await both.store.masterKeyIds()).toMatchObject({ previous: null });
    expect(await both.store.rewrap()).toBe(0);
    expect(await idsOf(both.ring)).toEqual(await idsOf(ring));
  });

  it("that was forgotten is found once another deployment has wrapped the keys", async () => {
    let now = Date.now();
    await idsOf(isolate(1).ring);
    const { ring } = isolate(2, { now: () => now });
    expect(await faultOf(ring.seal("x", ROW))).toBe("other_master_key");
    expect(await ring.gatewayId()).toBe(await isolate(1).ring.gatewayId());
    await isolate(2, { previous: 1 }).store.rewrap();
    now += 5_000;
    expect(await faultOf(ring.seal("x", ROW))).toBe("none");
  });
});

describe("while the database fails", () => {
  it("an isolate that has the keys goes on, and one that starts says whose fault it is", async () => {
    let now = Date.now();
    const fake = fakeDatabase();
    const { store, ring } = isolate(7, { db: fake.db, now: () => now });
    const ids = await idsOf(ring);
    for (const behaviour of ["throws", "hangs"] as const) {
      fake.behaviour = behaviour;
      now += HOUR_MS;
      store.forget();
      fake.prepared = 0;
      for (let n = 0; n < 5; n++) expect(await idsOf(ring)).toEqual(ids);
      // It does not wait for the database at each use.
      expect(fake.prepared).toBe(1);
      expect(await faultOf(isolate(7, { db: fake.db }).ring.hashToken("x"))).toBe("unreadable");
    }
    fake.behaviour = "takes";
    expect(await idsOf(isolate(7, { db: fake.db }).ring)).toEqual(ids);
  });
});
