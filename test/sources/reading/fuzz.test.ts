import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventContent } from "../../../src/model/event.ts";
import { titlesOfContent } from "../../../src/model/event-title.ts";
import { SOURCES } from "../../../src/sources/registry.ts";
import { decodeText } from "../../../src/sources/reading/charset.ts";
import { read } from "../../support/catch.ts";
import { runs } from "../../support/runs.ts";
import { stepsOf } from "../../support/work-meter.ts";
import { GROWING, TYPES } from "./growing.ts";

/** A reader passes over a body some thirty times: to decode, to measure, to parse, to open, to write. */
const STEPS_PER_BYTE = 48;
const FREE_STEPS = 20_000;
const SIZES = [1_000, 64_000];

function bound(bytes: Uint8Array): number {
  return STEPS_PER_BYTE * bytes.byteLength + FREE_STEPS;
}

const utf16 = (text: string): Uint8Array => new Uint8Array(Uint16Array.from(text, (unit) => unit.charCodeAt(0)).buffer);
const encode = (text: string, type: string): Uint8Array =>
  type.endsWith("utf-16") ? utf16(text) : new TextEncoder().encode(text);

it("the steps of work that is not proportional exceed the bound", () => {
  const body = "[".repeat(64_000);
  const search = (): void => {
    for (let end = 0; end < body.length; end += 100) body.slice(end).indexOf("]");
  };
  expect(stepsOf(search)).toBeGreaterThan(bound(encode(body, "")));
});

describe("the steps of a catch hook are proportional to its body", () => {
  it.each(GROWING)("$name", ({ type, make }) => {
    for (const body of SIZES.map(make)) {
      const bytes = encode(body, type);
      for (const options of [{}, { child_key: "items.0.a.b" }, { raw: true }]) {
        expect(stepsOf(() => read(bytes, { type, options }))).toBeLessThanOrEqual(bound(bytes));
      }
    }
  });

  it("of any texts, repeated", () => {
    const marks = fc.constantFrom(
      ..."{[<\"'\\&=%;]}>\r\n-".split(""),
      "]]>",
      "<!--",
      "--qqqqqqqq",
      "[]=",
      "\\u",
      '":',
      '","',
      "<a ",
    );
    const unit = fc.array(fc.oneof(marks, fc.string({ unit: "binary", maxLength: 4 })), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(unit, unit, unit, fc.constantFrom(...TYPES), fc.nat(30_000), (start, middle, end, type, size) => {
        const repeated = middle.join("").repeat(Math.ceil(size / Math.max(1, middle.join("").length)));
        const body = [start.join(""), repeated, end.join("")].join("").toWellFormed();
        const bytes = encode(body, type);
        expect(stepsOf(() => read(bytes, { type }))).toBeLessThanOrEqual(bound(bytes));
        const inText = encode(JSON.stringify({ a: body, b: [body] }), "");
        expect(stepsOf(() => read(inText, { type: "application/json" }))).toBeLessThanOrEqual(bound(inText));
        expect(stepsOf(() => read("", { query: body.slice(0, 16_384) }))).toBeLessThanOrEqual(bound(inText));
      }),
      { numRuns: runs(1_500) },
    );
  });
});

describe("the steps of the other types are proportional to their bodies", () => {
  const TEMPLATE = "{{ data | json }} {% for part in data %}{{ part[0] }}: {{ part[1] }}, {% endfor %}";
  const given = { title_template: TEMPLATE, description_template: TEMPLATE };
  const interpreters = (["pagertree", "retrace", "backtrace", "thousandeyes"] as const).map((type) => {
    const { options, prepare } = SOURCES[type];
    return [type, prepare(options.parse(given))] as const;
  });
  /** What each needs before it reads further. */
  const FIELDS = {
    event_type: "create",
    Title: "t",
    EventType: 1,
    universe: "u",
    project: "p",
    fingerprint: "f",
    eventType: "ALERT_NOTIFICATION_TRIGGER",
    alert: { alertId: "1" },
  };

  it.each(GROWING)("$name", ({ type, make }) => {
    for (const [name, interpret] of interpreters) {
      for (const text of SIZES.map(make)) {
        const wrapped = JSON.stringify({ ...FIELDS, Description: text, Tags: text, callstack: [text], Meta: { text } });
        for (const [body, contentType] of [
          [text, type],
          [wrapped, "application/json"],
        ] as const) {
          const bytes = encode(body, contentType);
          const headers = { "content-type": contentType };
          const request = { method: "POST", query: "", headers, body: bytes, ...decodeText(bytes, contentType) };
          const context = { integration: { id: "int_1", name: "Fuzz", type: name }, eventIdAt: () => "evt_1" };
          expect(stepsOf(() => interpret(request, context))).toBeLessThanOrEqual(bound(bytes));
        }
      }
    }
  });
});

it("the steps for the title of an event are proportional to its body", () => {
  for (const { make } of GROWING) {
    for (const body of SIZES.map(make)) {
      const request = { method: "POST", query: "", headers: {}, body, body_encoding: "utf8" } as const;
      const payload = { message: body, deep: { inner: { deeper: body } } };
      const content: EventContent = { kind: "hook", request, payload, signal: { action: "receive", note: null } };
      expect(stepsOf(() => titlesOfContent(content))).toBeLessThanOrEqual(bound(encode(body, "")));
    }
  }
});
