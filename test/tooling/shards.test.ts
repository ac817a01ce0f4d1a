import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { databasesOf, withShards } from "../../scripts/local/shards.mjs";
import { readConfig } from "../../scripts/local/worker.mjs";

const ROOT = join(import.meta.dirname, "../..");

/** What wrangler.toml says with the lines that docs/shards.md has one add to it. */
async function configOfDocs() {
  const [, lines = ""] = /```toml\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, "docs/shards.md"), "utf8")) ?? [];
  const folder = mkdtempSync(join(tmpdir(), "hookgate-shards-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(ROOT, "migrations"), join(folder, "migrations"), { recursive: true });
  writeFileSync(join(folder, "wrangler.toml"), `${readFileSync(join(ROOT, "wrangler.toml"), "utf8")}\n${lines}`);
  return (await readConfig(folder)).worker;
}

test("the lines of docs/shards.md make the shard that npm start -- --shards 2 makes", async () => {
  const [documented, { worker }] = await Promise.all([configOfDocs(), readConfig(ROOT)]);
  const local = withShards(worker, 2);
  expect(databasesOf(documented)).toEqual(["DB", "DB_1"]);
  expect(databasesOf(local)).toEqual(["DB", "DB_1"]);
  expect(local.queueProducers).toEqual(documented.queueProducers);
  expect(local.queueConsumers).toEqual(documented.queueConsumers);
});

test("npm start takes the shards of wrangler.toml, more of them, but not fewer", async () => {
  const documented = await configOfDocs();
  expect(withShards(documented, null)).toBe(documented);
  expect(databasesOf(withShards(documented, 3))).toEqual(["DB", "DB_1", "DB_2"]);
  expect(() => withShards(documented, 1)).toThrow("--shards has to be at least 2");
});
