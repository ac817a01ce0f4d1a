import { beforeAll, describe, expect, it } from "vitest";
import { type Json, isJsonObject, isList } from "../../../../src/model/json.ts";
import { FIXTURES, type Fixture } from "./fixtures.ts";
import { detectRuleSets } from "../../../../src/sources/rules/detect.ts";
import type { SourceRequest } from "../../../../src/sources/source.ts";
import { stepsOf } from "../../../support/work-meter.ts";
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

type Growth = "long texts" | "long lists" | "lists for texts" | "more members" | "JSON in texts";
const GROWTHS: readonly Growth[] = ["long texts", "long lists", "lists for texts", "more members", "JSON in texts"];

/** Returns a value with more of everything, but not more in what is there more often. */
function grown(value: Json, count: number, growth: Growth): Json {
  if (isList(value)) {
    if (growth === "long lists") return Array<Json>(count).fill(value[0] ?? null);
    return value.map((item) => grown(item, count, growth));
  }
  if (isJsonObject(value)) {
    const entries = Object.entries(value).map(([name, member]): [string, Json] => [name, grown(member, count, growth)]);
    const [name, first] = Object.entries(value).find(([, member]) => typeof member === "string") ?? ["", null];
    const copies = growth === "more members" ? Array.from({ length: count }, (_, at) => [`${name}${at}`, first]) : [];
    return Object.fromEntries([...entries, ...copies]);
  }
  if (typeof value !== "string") return value;
  if (growth === "long texts") return `${value} ${"x, {{ y".repeat(count)}`;
  if (growth === "lists for texts") return Array<Json>(count).fill(value);
  return growth === "JSON in texts" ? JSON.stringify({ [value]: Array<Json>(count).fill(value) }) : value;
}

/** The rules of a set read a body some ten times. For detection, all sets read it. */
const STEPS_PER_BYTE = 48;
const STEPS_PER_BYTE_OF_DETECTION = 100;
const FREE_STEPS = 40_000;
/** A body with more than this is larger than any that these products send. */
const MAX_BYTES = 100_000;

function requestOf(text: string, headers: Readonly<Record<string, string>> = {}): SourceRequest {
  return { method: "POST", query: "", headers, body: new TextEncoder().encode(text), text, is_utf8: true };
}

describe("the steps of a rule set, and of detection, are proportional to the body", () => {
  beforeAll(() => {
    // Each compiles its rules once.
    for (const fixture of FIXTURES) read(fixture);
    detectRuleSets(requestOf(FIXTURES[0]?.text ?? ""));
  });

  it.each(GROWTHS)("with %s", (growth) => {
    for (const fixture of FIXTURES) {
      for (const count of [5, 50, 600]) {
        const sent = withDocument(fixture, grown(documentOf(fixture), count, growth));
        const body = new TextEncoder().encode(sent.text);
        if (body.byteLength > MAX_BYTES) continue;
        const why = `${sent.ruleSet} ${sent.name} ${body.byteLength}`;
        const bound = FREE_STEPS + STEPS_PER_BYTE * body.byteLength;
        expect(
          stepsOf(() => read(sent)),
          why,
        ).toBeLessThanOrEqual(bound);
        const request = requestOf(sent.text, sent.headers);
        const boundOfDetection = FREE_STEPS + STEPS_PER_BYTE_OF_DETECTION * body.byteLength;
        expect(
          stepsOf(() => detectRuleSets(request)),
          why,
        ).toBeLessThanOrEqual(boundOfDetection);
      }
    }
  });
});
