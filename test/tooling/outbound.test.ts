import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../../src");

/** What is given to each call of `fetch` in a text, up to the bracket that closes it. */
function fetchesIn(text: string): string[] {
  return [...text.matchAll(/(?<![.\w])fetch\(/g)].map(({ index, 0: call }) => {
    let depth = 1;
    let end = index + call.length;
    for (; depth > 0 && end < text.length; end++) depth += { "(": 1, ")": -1 }[text.charAt(end)] ?? 0;
    return text.slice(index, end);
  });
}

const calls = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
  .flatMap((file) => fetchesIn(readFileSync(join(SRC, file), "utf8")).map((call) => [file, call] as const))
  // The Worker's own handler, `async fetch(request, env)`.
  .filter(([file]) => file !== "index.ts");

test("every request that goes out says what becomes of a redirect, and has a time-out", () => {
  expect(calls.length).toBeGreaterThanOrEqual(3);
  const careless = calls.filter(([, call]) => !/\bredirect\b/.test(call) || !/\bsignal\b/.test(call));
  expect(careless).toEqual([]);
});

test("one that does not is found out", () => {
  expect(fetchesIn('await fetch(url(a), { method: "POST" }); x.fetch(b); prefetch(c)')).toEqual([
    'fetch(url(a), { method: "POST" })',
  ]);
});
