import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unstable_getMiniflareWorkerOptions as readWorkerOptions, unstable_splitSqlQuery as splitSql } from "wrangler";

// Run as a process of its own: wrangler, once loaded, keeps a bundler running for as long as its process lives.

const root = process.argv[2] ?? ".";
const {
  modulesRules: _rules,
  rootPath: _root,
  ...worker
} = readWorkerOptions(join(root, "wrangler.toml")).workerOptions;
process.send?.({ worker, tables: splitSql(readFileSync(join(root, "schema.sql"), "utf8")) });
