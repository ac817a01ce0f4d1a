import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createConfigCache } from "../../src/config-cache/config.ts";
import { createTransformationCache } from "../../src/config-cache/transformations.ts";
import { MAX_VERSIONS } from "../../src/model/transformation.ts";
import { asPrimary } from "../../src/platform/shards.ts";
import { changeConfig } from "../../src/storage/config/revision.ts";
import {
  deleteTransformation,
  findTransformation,
  insertTransformation,
  listVersions,
  updateTransformation,
} from "../../src/storage/config/transformations.ts";
import { fakeDatabase } from "../support/bindings.ts";
import { destinationWith, transformationWith } from "../support/configuration.ts";
import { insertDestination } from "../../src/storage/destinations/destinations.ts";
import { tables } from "../support/tables.ts";

const db = asPrimary(env.DB);
const ID = "trf_0000000000000000000000000001";
const HOOK = "int_0000000000000000000000000001";
const AT = "2026-11-20T10:00:00.000Z";

async function insert(changes: Parameters<typeof transformationWith>[0] = {}): Promise<void> {
  await changeConfig(db, [...insertTransformation(db, transformationWith({ id: ID, ...changes }))]);
}

async function attach(): Promise<void> {
  await tables.integrations.insert({ id: HOOK, type: "catch", transformation_id: ID });
  await changeConfig(db, [insertDestination(db, destinationWith({ transformation_id: ID }))]);
}

describe("the transformations in the config", () => {
  it("are known by integration and destination, without their code", async () => {
    await insert({ name: "Redact" });
    await attach();
    const config = await createConfigCache(db, () => 0).load();
    expect(config.transformations).toEqual(new Map([[ID, { id: ID, name: "Redact", version: 1 }]]));
    expect(config.integration_transformations).toEqual(new Map([[HOOK, ID]]));
    expect([...config.destinations.values()]).toMatchObject([{ transformation_id: ID }]);
  });

  it("are taken from everything that passes them when they are deleted", async () => {
    await insert();
    await attach();
    expect(await deleteTransformation(db, ID, AT, [])).toBe(true);
    expect(await deleteTransformation(db, ID, AT, [])).toBe(false);
    const config = await createConfigCache(db, () => 0).load();
    expect(config.transformations.size + config.integration_transformations.size).toBe(0);
    expect([...config.destinations.values()]).toMatchObject([{ transformation_id: null }]);
    expect(await listVersions(db, ID, { before: null, limit: 10 })).toEqual([]);
  });
});

describe("the code of transformations", () => {
  it("is read once for each version", async () => {
    await insert({ code: "one" });
    const fake = fakeDatabase();
    const cache = createTransformationCache(asPrimary(fake.db));
    const head = { id: ID, name: "Redact", version: 1 };
    expect((await cache.load([head])).get(ID)).toEqual({ ...head, code: "one" });
    const { prepared } = fake;
    expect((await cache.load([head])).get(ID)?.code).toBe("one");
    expect(fake.prepared).toBe(prepared);
    await updateTransformation(db, ID, { code: "two", updated_at: AT }, []);
    expect((await cache.load([head])).get(ID)?.code).toBe("one");
    expect((await cache.load([{ ...head, version: 2 }])).get(ID)?.code).toBe("two");
    expect(fake.prepared).toBe(prepared + 1);
  });

  it("is left out if the transformation no longer exists", async () => {
    const cache = createTransformationCache(db);
    expect(await cache.load([{ id: ID, name: "Gone", version: 1 }])).toEqual(new Map());
  });

  it("is read for many transformations with one query for 32 of them", async () => {
    const heads = Array.from({ length: 40 }, (_, index) => ({ id: `trf_${index}`, name: "Each", version: 1 }));
    await changeConfig(
      db,
      heads.flatMap(({ id }) => [...insertTransformation(db, transformationWith({ id, code: `code of ${id}` }))]),
    );
    const fake = fakeDatabase();
    const loaded = await createTransformationCache(asPrimary(fake.db)).load(heads);
    expect(loaded.size).toBe(40);
    expect(loaded.get("trf_39")?.code).toBe("code of trf_39");
    expect(fake.prepared).toBe(2);
  });
});

describe("versions", () => {
  it("are made by changes of the code only, and the latest ones are kept", async () => {
    await insert({ code: "code 1" });
    await updateTransformation(db, ID, { name: "Another name", code: "code 1", updated_at: AT }, []);
    expect(await findTransformation(db, ID)).toMatchObject({ name: "Another name", version: 1 });
    for (let version = 2; version <= MAX_VERSIONS + 3; version++) {
      await updateTransformation(db, ID, { code: `code ${version}`, updated_at: AT }, []);
    }
    const versions = await listVersions(db, ID, { before: null, limit: 100 });
    expect(versions).toHaveLength(MAX_VERSIONS);
    expect(versions[0]).toEqual({ version: 53, code: "code 53", created_at: AT });
    expect(versions.at(-1)).toMatchObject({ version: 4, code: "code 4" });
  });

  it("of two changes at once are two", async () => {
    await insert({ code: "first" });
    await Promise.all(["second", "third"].map((code) => updateTransformation(db, ID, { code, updated_at: AT }, [])));
    expect(await findTransformation(db, ID)).toMatchObject({ version: 3 });
    const versions = await listVersions(db, ID, { before: null, limit: 10 });
    expect(versions.map(({ code }) => code).toSorted()).toEqual(["first", "second", "third"]);
  });
});
