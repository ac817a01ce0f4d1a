import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const SCRIPT = join(import.meta.dirname, "../../scripts/rotate-key.mjs");

function printed(): { readonly key: string; readonly text: string } {
  const text = execFileSync(process.execPath, [SCRIPT], { encoding: "utf8" });
  return { key: /^ {2}(\S{44})$/m.exec(text)?.[1] ?? "", text };
}

test("npm run rotate-key prints another key of 32 bytes each time, and the steps in an order that locks nobody out", () => {
  const [one, two] = [printed(), printed()];
  expect(Buffer.from(one.key, "base64")).toHaveLength(32);
  expect(two.key).not.toBe(one.key);
  const steps = ["put MASTER_KEY_PREVIOUS", "put MASTER_KEY ", '"remaining": 0', "delete MASTER_KEY_PREVIOUS"];
  const places = steps.map((step) => one.text.indexOf(step));
  expect(places).not.toContain(-1);
  expect(places.toSorted((a, b) => a - b)).toEqual(places);
});
