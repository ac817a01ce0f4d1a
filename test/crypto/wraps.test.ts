import { describe, expect, it } from "vitest";
import { type MasterKey, openMasterKey } from "../../src/crypto/master-key.ts";
import { newKeys, rewrapped, unwrapKey } from "../../src/crypto/wraps.ts";
import type { StoredKey } from "../../src/model/key.ts";

const HOUR_MS = 3_600_000;
const NOW = 1_800_000_000_000;

const [one, two, three] = await Promise.all([1, 2, 3].map((fill) => openMasterKey(new Uint8Array(32).fill(fill))));
if (one === undefined || two === undefined || three === undefined) throw new Error("no master keys");

const under = (current: MasterKey, previous: MasterKey | null = null) => ({ current, previous });

async function firstKey(master: MasterKey): Promise<StoredKey> {
  const [key] = await newKeys(under(master), null, NOW);
  if (key === undefined) throw new Error("no key");
  return key;
}

/** The key with the wraps that a gateway with these master keys gives it, or as it is if it gives it none. */
async function after(key: StoredKey, masters: ReturnType<typeof under>, nowMs: number): Promise<StoredKey> {
  return { ...key, wraps: (await rewrapped(key, masters, nowMs)) ?? key.wraps };
}

const idsOf = ({ wraps }: StoredKey): string[] => Object.keys(wraps).toSorted();

describe("the wraps of a key", () => {
  it("open under their own master key only, and only in their own row", async () => {
    const key = await firstKey(one);
    const bytes = await unwrapKey(key, under(one));
    expect(bytes).toHaveLength(32);
    expect(await unwrapKey(key, under(two))).toBeNull();
    expect(await unwrapKey(key, under(two, one))).toEqual(bytes);
    expect(await unwrapKey({ ...key, id: "00000000" }, under(one))).toBeNull();
    expect(await unwrapKey({ ...key, purpose: "hash" }, under(one))).toBeNull();
    const claimed = { ...key, wraps: { [two.id]: key.wraps[one.id] ?? { wrapped: "", at: 0 } } };
    expect(await unwrapKey(claimed, under(two))).toBeNull();
  });

  it.each(["", "AAAA", "no base64", new Uint8Array(60).toBase64()])(
    "that are broken do not open: %j",
    async (wrapped) => {
      const key = await firstKey(one);
      expect(await unwrapKey({ ...key, wraps: { [one.id]: { wrapped, at: NOW } } }, under(one))).toBeNull();
    },
  );

  it("are under both master keys while one is rotated, and the key stays the same", async () => {
    const key = await firstKey(one);
    const bytes = await unwrapKey(key, under(one));
    const rotating = await after(key, under(two, one), NOW + 1);
    expect(idsOf(rotating)).toEqual([one.id, two.id].toSorted());
    for (const masters of [under(one), under(two), under(two, one)]) {
      expect(await unwrapKey(rotating, masters)).toEqual(bytes);
    }
    expect(await rewrapped(rotating, under(two, one), NOW + 2)).toBeNull();
  });

  it("under the earlier master key are dropped an hour after the rotation, by the gateway with the new one", async () => {
    const rotating = await after(await firstKey(one), under(two, one), NOW);
    expect(await rewrapped(rotating, under(two), NOW + HOUR_MS - 1)).toBeNull();
    expect(idsOf(await after(rotating, under(two), NOW + HOUR_MS))).toEqual([two.id]);
  });

  it("under the new master key are never dropped by a gateway that still has the earlier one", async () => {
    const made = await newKeys(under(two, one), null, NOW);
    const rotated = await after(await firstKey(one), under(two, one), NOW);
    for (const key of [...made, rotated]) {
      expect(await rewrapped(key, under(one), NOW + 100 * HOUR_MS)).toBeNull();
      expect(idsOf(await after(key, under(two), NOW + HOUR_MS))).toEqual([two.id]);
    }
  });

  it("follow a rotation back to the first master key", async () => {
    const rotating = await after(await firstKey(one), under(two, one), NOW);
    const back = await after(rotating, under(one, two), NOW + HOUR_MS);
    expect(idsOf(await after(back, under(one), NOW + 2 * HOUR_MS))).toEqual([one.id]);
  });

  it("are left alone by a gateway that cannot open them", async () => {
    const key = await firstKey(one);
    expect(await rewrapped(key, under(two), NOW + HOUR_MS)).toBeNull();
    expect(await rewrapped(key, under(two, three), NOW + HOUR_MS)).toBeNull();
  });
});
