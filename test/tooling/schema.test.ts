import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import checksums from "../../migrations/checksums.json" with { type: "json" };
import { checksumsOf, migrationNames, renderSchema } from "../../scripts/schema/render.mjs";

const ROOT = join(import.meta.dirname, "../..");
const MIGRATIONS = join(ROOT, "migrations");

/** A copy of the migrations with one more. */
function withMigration(name: string, sql: string): string {
  const folder = mkdtempSync(join(tmpdir(), "hookgate-migrations-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(MIGRATIONS, folder, { recursive: true });
  writeFileSync(join(folder, name), sql);
  return folder;
}

test("schema.sql is what all migrations together make", () => {
  expect(readFileSync(join(ROOT, "schema.sql"), "utf8"), "run `npm run schema`").toBe(renderSchema(MIGRATIONS));
});

test("no migration is edited, and each has its checksum", () => {
  const hint =
    "a migration that may have been applied must not change: write another; `npm run schema` adds its checksum";
  expect(checksumsOf(MIGRATIONS), hint).toEqual(checksums);
});

const next = String(migrationNames(MIGRATIONS).length + 1).padStart(4, "0");

test("a column, an index and rows that a migration adds are in the schema, once", () => {
  const sql = `
    CREATE TABLE colours (name TEXT PRIMARY KEY) STRICT;
    INSERT INTO colours VALUES ('it''s red');
    ALTER TABLE colours ADD COLUMN hue INTEGER;
    CREATE INDEX colours_by_hue ON colours (hue) WHERE hue IS NOT NULL;`;
  const schema = renderSchema(withMigration(`${next}_colours.sql`, sql));
  expect(schema.slice(renderSchema(MIGRATIONS).length)).toBe(`
CREATE TABLE colours (name TEXT PRIMARY KEY, hue INTEGER) STRICT;
CREATE INDEX colours_by_hue ON colours (hue) WHERE hue IS NOT NULL;
INSERT INTO colours (name, hue) VALUES ('it''s red', NULL);
`);
});

test.each(["0001_again.sql", "9999_gap.sql", "colours.sql", `${next}-colours.sql`])(
  "a migration with the name %s is refused",
  (name) => {
    expect(() => migrationNames(withMigration(name, ""))).toThrow("must be named");
  },
);
