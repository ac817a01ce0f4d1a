import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unstable_getMiniflareWorkerOptions as readWorkerOptions, unstable_splitSqlQuery as splitSql } from "wrangler";
import { migrationNames } from "../schema/render.mjs";

// Run as a process of its own: wrangler, once loaded, keeps a bundler running for as long as its process lives.

const root = process.argv[2] ?? ".";
// Without the assets: the runtime would put two Workers of its own in front of ours, which only `npm start` needs to serve.
const {
  modulesRules: _rules,
  rootPath: _root,
  assets: _assets,
  ...worker
} = readWorkerOptions(join(root, "wrangler.toml")).workerOptions;
const folder = join(root, "migrations");
const migrations = migrationNames(folder).map((name) => ({
  name,
  queries: splitSql(readFileSync(join(folder, name), "utf8")),
}));
process.send?.({ worker, migrations });
