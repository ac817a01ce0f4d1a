import { asPrimary } from "../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createIntegrationCache } from "../../src/config-cache/integrations.ts";
import { createRevisionCheck } from "../../src/config-cache/revision.ts";
import { changeConfig } from "../../src/storage/config/revision.ts";
import { fakeDatabase } from "../support/bindings.ts";
import { insertIntegrationRow } from "../support/integrations.ts";
import { tables } from "../support/tables.ts";

const MAX_HELD = 2_000;

let clock = 1_000_000;
let database = fakeDatabase();
let cache = createCache();

/** A cache that looks up every address. test/config-cache/addresses.test.ts is about those that it need not. */
function createCache() {
  const db = asPrimary(database.db);
  const now = () => clock;
  const addresses = { mayExist: async () => true, forget: () => {} };
  return createIntegrationCache(db, addresses, createRevisionCheck(db, now), now);
}

beforeEach(async () => {
  database = fakeDatabase();
  cache = createCache();
  await insertIntegrationRow({ id: "int_a" });
});

async function change(work: () => Promise<void>): Promise<void> {
  await work();
  await changeConfig(asPrimary(env.DB), []);
}

async function rename(name: string): Promise<void> {
  await change(() => tables.integrations.update({ id: "int_a" }, { name }));
}

async function nameOf(id: string): Promise<string> {
  const looked = await cache.find(id);
  return looked.kind === "found" ? looked.integration.name : looked.kind;
}

describe("a cached integration", () => {
  it("is used for five seconds", async () => {
    expect(await nameOf("int_a")).toBe("Night watch");
    await rename("Day watch");
    clock += 4_999;
    expect(await nameOf("int_a")).toBe("Night watch");
    expect(database.prepared).toBe(1);
    clock += 1;
    expect(await nameOf("int_a")).toBe("Day watch");
  });

  it("stays valid while the config does not change: one read of the revision for all of them", async () => {
    await insertIntegrationRow({ id: "int_b" });
    await insertIntegrationRow({ id: "int_c" });
    for (const id of ["int_a", "int_b", "int_c"]) await nameOf(id);
    expect(database.prepared).toBe(3);
    for (let look = 1; look <= 3; look++) {
      clock += 5_000;
      const names = await Promise.all(["int_a", "int_b", "int_c", "int_a"].map(nameOf));
      expect(new Set(names)).toEqual(new Set(["Night watch"]));
      expect(database.prepared).toBe(3 + look);
    }
  });

  it("is read again after the config has changed, when it is needed", async () => {
    await insertIntegrationRow({ id: "int_b" });
    await nameOf("int_a");
    await nameOf("int_b");
    await rename("Day watch");
    clock += 5_000;
    expect([await nameOf("int_a"), await nameOf("int_b")]).toEqual(["Day watch", "Night watch"]);
    const before = database.prepared;
    clock += 5_000;
    expect([await nameOf("int_a"), await nameOf("int_b")]).toEqual(["Day watch", "Night watch"]);
    expect(database.prepared).toBe(before + 1);
  });

  it("is read again if it was forgotten while the revision was read", async () => {
    await nameOf("int_a");
    clock += 5_000;
    const looked = nameOf("int_a");
    cache.forget("int_a");
    await rename("Day watch");
    await looked;
    expect(await nameOf("int_a")).toBe("Day watch");
  });

  it("is read again after a change on this isolate", async () => {
    await nameOf("int_a");
    await rename("Day watch");
    cache.forget("int_a");
    expect(await nameOf("int_a")).toBe("Day watch");
  });

  it("is read once for concurrent look-ups", async () => {
    const names = await Promise.all(Array.from({ length: 50 }, () => nameOf("int_a")));
    expect(new Set(names)).toEqual(new Set(["Night watch"]));
    expect(database.prepared).toBe(1);
  });

  it("does not outlive a change that was made while it was being read", async () => {
    const early = nameOf("int_a");
    while (database.prepared === 0) await Promise.resolve();
    cache.forget("int_a");
    await early;
    await rename("Day watch");
    expect(await nameOf("int_a")).toBe("Day watch");
  });

  it("is unknown once it is deleted", async () => {
    await nameOf("int_a");
    await change(() => tables.integrations.delete());
    clock += 5_000;
    expect(await nameOf("int_a")).toBe("unknown");
    database.behaviour = "throws";
    clock += 5_000;
    expect(await nameOf("int_a")).toBe("unavailable");
  });
});

describe("an id that does not exist", () => {
  it("is remembered for five seconds", async () => {
    expect(await nameOf("int_b")).toBe("unknown");
    expect(await nameOf("int_b")).toBe("unknown");
    expect(database.prepared).toBe(1);
    await insertIntegrationRow({ id: "int_b" });
    clock += 5_000;
    expect(await nameOf("int_b")).toBe("Night watch");
  });

  it.each(["", "int_", "a", "int_A", "int_a/b", `int_${"a".repeat(65)}`, "evt_a", "int_a\n"])(
    "is not looked up if it has another form: %j",
    async (id) => {
      expect(await nameOf(id)).toBe("unknown");
      expect(database.prepared).toBe(0);
    },
  );

  it("pushes out no integration, however many there are, and is forgotten in the end", async () => {
    await nameOf("int_a");
    database.behaviour = "finds nothing";
    for (let i = 0; i <= MAX_HELD; i += 1) await cache.find(`int_try${i}`);
    const before = database.prepared;
    await nameOf("int_a");
    await nameOf("int_try1");
    expect(database.prepared).toBe(before);
    await nameOf("int_try0");
    expect(database.prepared).toBe(before + 1);
  });
});

describe("a database that fails", () => {
  it("is replaced by the last known value, however old", async () => {
    await nameOf("int_a");
    database.behaviour = "throws";
    clock += 86_400_000;
    expect(await nameOf("int_a")).toBe("Night watch");
    const before = database.prepared;
    expect(await nameOf("int_a")).toBe("Night watch");
    expect(database.prepared).toBe(before);
    database.behaviour = "takes";
    await rename("Day watch");
    clock += 1_000;
    expect(await nameOf("int_a")).toBe("Day watch");
  });

  it("makes an integration that was never read unavailable, not unknown", async () => {
    database.behaviour = "throws";
    expect(await nameOf("int_a")).toBe("unavailable");
    database.behaviour = "takes";
    expect(await nameOf("int_a")).toBe("Night watch");
  });

  it("is not waited for longer than two seconds", async () => {
    await nameOf("int_a");
    database.behaviour = "hangs";
    clock += 5_000;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const looked = Promise.all([nameOf("int_a"), nameOf("int_a"), nameOf("int_b")]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await looked).toEqual(["Night watch", "Night watch", "unavailable"]);
    database.behaviour = "takes";
    expect(await nameOf("int_b")).toBe("unknown");
  });
});

describe("an address that was replaced", () => {
  const ENDS_MS = 2_000;

  beforeEach(async () => {
    await tables.integrations.update({ id: "int_a" }, { address: "int_new" });
    await tables.integration_addresses.insert(
      { address: "int_a", integration_id: "int_a", expires_at: new Date(clock + ENDS_MS).toISOString() },
      { address: "int_new", integration_id: "int_a", expires_at: null },
    );
  });

  it("ends with its overlap, however fresh the cached value is", async () => {
    clock += ENDS_MS - 1;
    expect([await nameOf("int_a"), await nameOf("int_new")]).toEqual(["Night watch", "Night watch"]);
    clock += 1;
    expect([await nameOf("int_a"), await nameOf("int_new")]).toEqual(["unknown", "Night watch"]);
  });

  it("ends while the database fails, too, and the current one stays valid", async () => {
    await nameOf("int_a");
    await nameOf("int_new");
    database.behaviour = "throws";
    clock += ENDS_MS;
    expect([await nameOf("int_a"), await nameOf("int_new")]).toEqual(["unknown", "Night watch"]);
    clock += 86_400_000;
    expect([await nameOf("int_a"), await nameOf("int_new")]).toEqual(["unknown", "Night watch"]);
  });

  it("is not used longer because the database failed shortly before its end", async () => {
    const overlapMs = 5_500;
    const expires_at = new Date(clock + overlapMs).toISOString();
    await tables.integration_addresses.update({ address: "int_a" }, { expires_at });
    await nameOf("int_a");
    database.behaviour = "throws";
    clock += 5_000;
    expect(await nameOf("int_a")).toBe("Night watch");
    clock += overlapMs - 5_000;
    expect(await nameOf("int_a")).toBe("unknown");
  });
});
