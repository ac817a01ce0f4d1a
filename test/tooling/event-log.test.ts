import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

// The log is read through one module, and the column of deliveries is known to one module, so that each can be replaced.

const SRC = join(import.meta.dirname, "../../src");
const LOG = "storage/events";
/** What code outside src/storage may import of the folder. */
const FOR_ALL = ["log.ts", "changes.ts", "erase.ts"];
/** What other folders of src/storage may import in addition, for their SQL. */
const FOR_SQL = ["deliveries-column.ts", "event-row.ts", "erased-fields.ts"];

type Source = { readonly path: string; readonly text: string };

const sources: readonly Source[] = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => ({ path: path.replaceAll("\\", "/"), text: readFileSync(join(SRC, path), "utf8") }));

function importsOf({ path, text }: Source): string[] {
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, specifier]) => specifier ?? "");
  return specifiers.map((specifier) => relative(SRC, join(SRC, dirname(path), specifier)).replaceAll("\\", "/"));
}

test("code outside the folder of the log imports its public modules only", () => {
  const inner = sources
    .filter(({ path }) => !path.startsWith(`${LOG}/`))
    .flatMap((source) => {
      const allowed = source.path.startsWith("storage/") ? [...FOR_ALL, ...FOR_SQL] : FOR_ALL;
      return importsOf(source)
        .filter((path) => path.startsWith(`${LOG}/`) && !allowed.some((name) => path === `${LOG}/${name}`))
        .map((path) => `${source.path} imports ${path}`);
    });
  expect(inner).toEqual([]);
});

test("only one module looks into the column of deliveries", () => {
  const looksInside = /\b(?:json_each|json_array_length|instr|octet_length)\(\s*(?:\w+\.)?deliveries\b/i;
  const files = sources.filter(({ text }) => looksInside.test(text)).map(({ path }) => path);
  expect(files).toEqual([`${LOG}/deliveries-column.ts`]);
});

test("only one module trusts the shape of a JSON column", () => {
  const parse = /JSON\.parse\(|parseExact(?:As)?[<(]/;
  const files = sources.filter(({ path, text }) => path.startsWith("storage/") && parse.test(text));
  expect(files.map(({ path }) => path)).toEqual(["storage/rows.ts"]);
});
