import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { forgetContext } from "../../src/context.ts";
import { platformOf } from "../../src/platform/shards.ts";
import { finishConsuming } from "./consumers.ts";
import { applySchema } from "./schema.ts";

// Half of the tests are about pure code, and a reset of the storage takes longer than such a test. After each test the set-up
// removes only as much as the test can have left.

/** What a test can have left: nothing, rows in the databases, or tables, messages and objects too. */
type Use = "nothing" | "rows" | "everything";

let use: Use = "nothing";
/** Makes the databases hold the rows that the migrations insert, and no others. Null until the schema is applied. */
let restoreRows: (() => Promise<void>) | null = null;

/** Has a method note its use, on all bindings of the same kind. */
function watch(binding: object, name: string, useOf: (value: unknown) => Use): void {
  const prototype: object = Object.getPrototypeOf(binding);
  const original: unknown = Reflect.get(prototype, name);
  if (typeof original !== "function") throw new Error(`${binding.constructor.name} has no ${name}`);
  Reflect.defineProperty(prototype, name, {
    configurable: true,
    writable: true,
    value(...values: unknown[]): unknown {
      if (use !== "everything") use = useOf(values[0]);
      return Reflect.apply(original, this, values);
    },
  });
}

watch(env.DB, "prepare", (sql) => (/^\s*(create|alter|drop)\s/i.test(String(sql)) ? "everything" : "rows"));
watch(env.DB, "exec", () => "everything");
for (const name of ["send", "sendBatch"]) watch(env.EVENTS, name, () => "everything");
for (const name of ["put", "createMultipartUpload"]) watch(env.BODIES, name, () => "everything");

/** Returns what restores the rows that a database holds now. */
async function rowsOf(db: D1Database): Promise<() => Promise<void>> {
  const { results } = await db
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*'",
    )
    .all<{ name: string }>();
  const tables = results.map(({ name }) => name);
  const rows = await db.batch<Record<string, unknown>>(tables.map((table) => db.prepare(`SELECT * FROM ${table}`)));
  const statements = tables.flatMap((table, index) => [
    db.prepare(`DELETE FROM ${table}`),
    ...(rows[index]?.results ?? []).map((row) => {
      const columns = Object.keys(row);
      const sql = `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
      return db.prepare(sql).bind(...Object.values(row));
    }),
  ]);
  return async () => void (await db.batch(statements));
}

/** Applies the schema to the databases of all shards, unless they have it. */
export async function prepareStorage(): Promise<void> {
  if (restoreRows !== null) return;
  const restores: (() => Promise<void>)[] = [];
  for (const { db } of platformOf(env).shards) {
    await applySchema(db);
    restores.push(await rowsOf(db));
  }
  restoreRows = async () => {
    for (const restore of restores) await restore();
  };
  use = "nothing";
}

/** Removes what a test left, and the caches of the isolate. */
export async function clearStorage(): Promise<void> {
  await finishConsuming();
  forgetContext();
  switch (use) {
    case "nothing":
      return;
    case "rows":
      await restoreRows?.();
      break;
    case "everything":
      await reset();
      restoreRows = null;
  }
  use = "nothing";
}

/** Starts anew within a test: an empty database, and an isolate without caches. */
export async function startOver(): Promise<void> {
  await clearStorage();
  await prepareStorage();
}
