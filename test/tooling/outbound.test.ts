import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../../src");

/** The Worker's programs, which run elsewhere, and call the gateway itself. */
const OTHER_PROGRAMS = /^(?:client|cli|dashboard)\//;

/** Returns each call of the global `fetch` in a text, up to the bracket that closes it. */
function fetchesIn(text: string): string[] {
  return [...text.matchAll(/(?:(?<![.\w]|async )|globalThis\.|self\.)fetch\(/g)].map(({ index, 0: call }) => {
    let depth = 1;
    let end = index + call.length;
    for (; depth > 0 && end < text.length; end++) depth += { "(": 1, ")": -1 }[text.charAt(end)] ?? 0;
    return text.slice(index, end);
  });
}

const calls = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts") && !OTHER_PROGRAMS.test(file))
  .flatMap((file) => fetchesIn(readFileSync(join(SRC, file), "utf8")).map((call) => [file, call] as const));

test("every request that goes out is sent in one place, which follows no redirect and has a time-out", () => {
  expect(calls).toEqual([["net/outbound-fetch.ts", expect.stringMatching(/redirect: "manual", signal\b/)]]);
});

test("a call of fetch elsewhere is found", () => {
  expect(fetchesIn('await fetch(url(a), { method: "POST" }); x.fetch(b); prefetch(c); globalThis.fetch(d)')).toEqual([
    'fetch(url(a), { method: "POST" })',
    "globalThis.fetch(d)",
  ]);
});
