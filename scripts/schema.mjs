import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checksumsOf, renderSchema } from "./schema/render.mjs";

// Writes schema.sql and the checksums of new migrations. A checksum that is already there stays, so that a test fails
// when a migration is edited that may have been applied.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MIGRATIONS = join(ROOT, "migrations");
const CHECKSUMS = join(MIGRATIONS, "checksums.json");

/** @type {Record<string, string>} */
const known = existsSync(CHECKSUMS) ? JSON.parse(readFileSync(CHECKSUMS, "utf8")) : {};
writeFileSync(CHECKSUMS, `${JSON.stringify({ ...checksumsOf(MIGRATIONS), ...known }, null, 2)}\n`);
writeFileSync(join(ROOT, "schema.sql"), renderSchema(MIGRATIONS));
