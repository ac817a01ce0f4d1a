import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ArchiveWriter, FORMAT } from "./archive.mjs";
import { Progress } from "../progress.mjs";
import { openDeployed } from "./deployed.mjs";
import { openLocal } from "./local.mjs";
import { migrationsIn, pagesOf, tablesOf } from "./tables.mjs";

/**
 * Saves a gateway into a file. Rows are read before objects: an object is stored before the row that names it.
 * @param {string} root
 * @param {{ target: import("./options.mjs").Target, out: string | null }} options
 * @param {(line: string) => void} print
 * @param {Progress} [progress]
 */
export async function backup(root, { target, out }, print, progress = new Progress()) {
  const store =
    target.kind === "local"
      ? await openLocal(root, target.folder, { mayCreate: false, shards: 1 })
      : await openDeployed(root, target.name);
  const file = out ?? defaultFile(target.kind === "local" ? "local" : store.name);
  const archive = new ArchiveWriter(file);
  try {
    await archive.write({
      kind: "header",
      format: FORMAT,
      version: JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version,
      created_at: new Date().toISOString(),
      name: store.name,
      databases: store.databases,
      migrations: await migrationsIn(store, "DB"),
    });
    const rows = await writeRows(store, archive, progress);
    const objects = await writeObjects(store, archive, progress);
    await archive.write({ kind: "end", rows, objects });
    await archive.finish();
    chmodSync(file, 0o600);
    progress.end();
    print(`Saved ${rows} rows and ${objects} objects of ${store.name} into ${file}.

Its secrets are sealed. Keep the MASTER_KEY of the gateway, but not beside this file: both together open everything.

Next: copy the file to another place. npm run restore -- --help says how to fill an empty gateway from it.`);
  } catch (error) {
    progress.end();
    archive.abandon();
    throw error;
  } finally {
    await store.close();
  }
}

/** @param {string} name */
function defaultFile(name) {
  const time = new Date().toISOString().replaceAll(":", "-").replace(/\.\d+/, "");
  return `hookgate-${name}-${time}.backup.gz`;
}

/**
 * @param {import("./tables.mjs").Store} store
 * @param {ArchiveWriter} archive
 * @param {Progress} progress
 */
async function writeRows(store, archive, progress) {
  let count = 0;
  for (const database of store.databases) {
    progress.step(`Saving the rows of ${database}`);
    for (const table of await tablesOf(store, database)) {
      for await (const { columns, rows } of pagesOf(store, database, table)) {
        await archive.write({ kind: "rows", database, table, columns, rows });
        count += rows.length;
        progress.detail(`${table}, ${count} rows`);
      }
    }
  }
  return count;
}

/**
 * @param {import("./tables.mjs").Store} store
 * @param {ArchiveWriter} archive
 * @param {Progress} progress
 */
async function writeObjects(store, archive, progress) {
  let count = 0;
  progress.step("Saving the objects of the bucket");
  for await (const keys of store.keys()) {
    for (const key of keys) {
      const blob = await store.read(key);
      if (blob === null) continue; // maintenance deleted it meanwhile
      await archive.write({ kind: "object", ...blob, body: blob.body.toString("base64") });
      count += 1;
      progress.detail(`${count} objects`);
    }
  }
  return count;
}
