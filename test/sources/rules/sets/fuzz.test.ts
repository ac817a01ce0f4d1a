import { describe, expect, it } from "vitest";
import type { Json } from "../../../../src/model/json.ts";
import { FIXTURES, type Fixture } from "./fixtures.ts";
import { INTEGRATION, documentOf, leavesOf, openingsOf, read, withDocument } from "./prepared.ts";

const NASTY: readonly Json[] = [
  null,
  "",
  0,
  -1.5,
  true,
  [],
  {},
  [[{ a: null }], 7],
  "{{ log.data }}{% if %}<script>\u202e\u0000\ud83d\ude00",
  "__proto__",
  "x,y z".repeat(4_000),
];

/** Returns the fields of a fixture without their values. */
function shapeOf(fixture: Fixture): string {
  const names = JSON.stringify(documentOf(fixture), (_name, value: unknown) => (typeof value === "object" ? value : 0));
  return `${fixture.ruleSet} ${names}`;
}

/** The fixtures that open an alert. Of several with the same fields, there is one. */
const SHAPES: readonly Fixture[] = [
  ...new Map(
    FIXTURES.filter((fixture) => openingsOf(read(fixture)).length > 0).map((fixture) => [shapeOf(fixture), fixture]),
  ).values(),
];

describe("nasty values", () => {
  it.each(SHAPES)("in every field leave an alert that can be read: $ruleSet, $name", (fixture) => {
    for (const { replace } of leavesOf(documentOf(fixture))) {
      for (const value of NASTY) {
        const changed = withDocument(fixture, replace(value));
        const events = read(changed);
        expect(events.length).toBeGreaterThan(0);
        for (const { signal } of events) {
          expect(signal.note ?? "", changed.text.slice(0, 2_000)).not.toMatch(/cannot be filled in|cost too much/);
          if (signal.action !== "create") continue;
          expect(signal.key).not.toBe("");
          expect(signal.fields.title.trim(), changed.text.slice(0, 2_000)).not.toBe("");
          expect(signal.fields.title, changed.text.slice(0, 2_000)).not.toBe(`Alert from ${INTEGRATION.name}`);
          expect(JSON.stringify(signal.fields)).not.toMatch(/\[object |\bundefined\b/);
        }
      }
    }
  });
});
