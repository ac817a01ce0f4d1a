import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { URGENCIES } from "../../src/model/alert.ts";
import { Digits } from "../../src/model/digits.ts";
import type { Signal } from "../../src/model/event.ts";
import { parseExact } from "../../src/model/exact-json.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { optionsOf } from "../../src/sources/options.ts";
import { INTEGRATION_TYPES, type IntegrationType, SOURCES } from "../../src/sources/registry.ts";
import type { SourceEvent } from "../../src/sources/source.ts";
import { FIXTURES, sourceFixture } from "../support/source-fixtures.ts";
import { INTEGRATION_ID, eventOf, interpret } from "../support/sources.ts";
import { runs } from "../support/runs.ts";

const MAX_STORED_KEY = 1_100;

/** Every type with options that it takes. */
const CASES = INTEGRATION_TYPES.flatMap((type) =>
  sourceFixture(type)
    .options.filter((options) => optionsOf(type).safeParse(options).success)
    .map((options): [IntegrationType, string, object] => [type, JSON.stringify(options), options]),
);

const KEYS = [
  "a",
  "b",
  "data",
  "Id",
  "event_type",
  "Title",
  "Tags",
  "Meta",
  "EventType",
  "alert",
  "alertId",
  "__proto__",
  "constructor",
];
const NASTY = [
  "",
  " ",
  "\u0000",
  "\ud800",
  "x".repeat(3_000),
  "__proto__",
  "create",
  "1",
  "1e999",
  "𝒳",
  "</script>",
  "{{ data }}",
];
const TEXTS_TO_PARSE = [
  "1e400",
  "-0",
  "98765432109876543210",
  '"\\ud800"',
  '"\\u0000"',
  '{"__proto__":{"polluted":1}}',
  "[[[[]]]]",
];

const key = fc.oneof(fc.constantFrom(...KEYS), fc.string({ unit: "binary", maxLength: 8 }));
const leaf = fc.oneof(
  fc.constantFrom(...TEXTS_TO_PARSE),
  fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: "binary", maxLength: 20 })).map((text) => JSON.stringify(text)),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom("true", "false", "null"),
);
/** JSON as a text, so that it holds what JavaScript values cannot. */
const { json } = fc.letrec<{ json: string; list: string; map: string }>((tie) => ({
  json: fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, tie("list"), tie("map")),
  list: fc.array(tie("json"), { maxLength: 5 }).map((items) => `[${items.join(",")}]`),
  map: fc
    .array(fc.tuple(key, tie("json")), { maxLength: 6 })
    .map((entries) => `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`),
}));

function spoil(text: string, place: number, value: string): string {
  const values = [...text.matchAll(/(?<=: *)("[^"]*"|-?\d+|null|true|false)/g)];
  const hit = values[place % Math.max(1, values.length)];
  return hit === undefined ? text : text.slice(0, hit.index) + value + text.slice(hit.index + hit[0].length);
}

/** Junk, and mostly documented bodies in which one value, somewhere, is another. */
function bodiesFor(type: IntegrationType): fc.Arbitrary<string | Uint8Array> {
  const own = FIXTURES.filter((fixture) => fixture.type === type);
  const text = fc.constantFrom(...(own.length === 0 ? FIXTURES : own).map((fixture) => fixture.body));
  const spoiled = fc
    .tuple(text, fc.nat(), fc.oneof(leaf, json))
    .map(([sound, place, value]) => spoil(sound, place, value));
  const broken = fc.tuple(text, fc.nat()).map(([sound, place]) => sound.slice(0, place % sound.length));
  return fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.string({ unit: "binary" }), json, broken, {
    arbitrary: spoiled,
    weight: 6,
  });
}

const query = fc.oneof(
  fc.constant(""),
  fc.webQueryParameters(),
  fc.constantFrom("__proto__[polluted]=1", "a[__proto__]=1&event_type=create&Title=t", "a=%00&b=%ED%A0%80&%"),
);
const headers = fc.constantFrom<Record<string, string>>(
  {},
  { "content-type": "application/json" },
  { "content-type": "application/x-www-form-urlencoded" },
  { "content-type": "application/xml" },
  { "content-type": "text/plain" },
  { "content-type": "multipart/form-data; boundary=x" },
);

/** Returns whether a value is JSON as the gateway has it: plain values, and `Digits` for numbers that a double cannot hold. */
function isPlainJson(value: unknown): boolean {
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return true;
  if (value instanceof Digits) return !Number.isSafeInteger(Number(value)) && JSON.stringify(value) === String(value);
  if (Array.isArray(value)) return value.every(isPlainJson);
  if (typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).every(isPlainJson);
}

/** Returns a value with every number as a double. */
function rounded(value: unknown): unknown {
  if (value instanceof Digits) return Number(value);
  // JSON.stringify writes -0 as 0.
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, rounded(member)]));
}

/** Expects that a value is the same after it was stored: JSON has no infinity, for instance. */
function expectStorable(value: unknown): void {
  expect(isPlainJson(value)).toBe(true);
  const stored = parseExact(JSON.stringify(value));
  expect(JSON.stringify(stored)).toBe(JSON.stringify(value));
  expect(rounded(stored)).toEqual(rounded(value));
}

function expectText(text: string): void {
  expect(text.trim()).not.toBe("");
  expect(text.isWellFormed()).toBe(true);
}

function expectKey(text: string): void {
  expectText(text);
  expect(text).not.toContain("\u0000");
  expect(text.length).toBeLessThanOrEqual(MAX_STORED_KEY);
}

function expectSignal(signal: Signal): void {
  if (signal.note !== null) expectText(signal.note);
  switch (signal.action) {
    case "receive":
    case "ignore":
      return;
    case "announce":
      // Only the gateway itself announces.
      throw new Error("a source has announced something");
    case "create":
    case "update":
    case "remind":
    case "acknowledge":
    case "resolve":
      expect([INTEGRATION_ID, "*"]).toContain(signal.namespace);
      expectKey(signal.key);
      for (const alias of signal.aliases ?? []) expectKey(alias);
      expect(signal.aliases ?? []).not.toContain(signal.key);
  }
  if (!("fields" in signal)) return;
  const { title, description, urgency, tags } = signal.fields;
  expectText(title);
  expect(description.isWellFormed()).toBe(true);
  expect([null, ...URGENCIES]).toContain(urgency);
  for (const tag of tags) expectText(tag);
}

function expectEvent(event: SourceEvent, text: string | null): void {
  expectText(event.kind);
  if (event.provider_event_id !== null) expectText(event.provider_event_id);
  expectSignal(event.signal);
  expectStorable(event.signal);
  if (event.payload_is_body) {
    // The text is stored and delivered in place of the payload.
    expect(isPlainJson(event.payload)).toBe(true);
    expect(rounded(event.payload)).toEqual(rounded(JSON.parse(text ?? "")));
  } else {
    expectStorable(event.payload);
  }
}

function expectContract(
  type: IntegrationType,
  sent: string | Uint8Array,
  given: Parameters<typeof interpret>[2],
): void {
  const names = Object.getOwnPropertyNames(Object.prototype);
  const result = interpret(type, sent, given);
  expect(interpret(type, sent, given)).toEqual(result);
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(names);
  if (result.ok) {
    const text =
      typeof sent === "string" ? sent : new TextDecoder("utf-8", { fatal: false, ignoreBOM: true }).decode(sent);
    for (const event of result.value) expectEvent(event, text);
    return;
  }
  expect(result.error.length).toBeGreaterThan(0);
  for (const { path, message } of result.error) {
    expect(typeof path).toBe("string");
    expectText(message);
  }
}

const nested = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth);
const EXTREMES: [string, string | Uint8Array][] = [
  ["nothing", ""],
  ["white space", " \r\n\t"],
  ["a byte order mark", "\ufeff"],
  ["a map after a byte order mark", '\ufeff{"event_type":"create","Title":"t"}'],
  ["NULs", "\u0000\u0000"],
  ["no UTF-8", new Uint8Array([0xff, 0xfe, 0x7b])],
  ["lists in lists", nested(200_000, "[", "]")],
  ["maps in maps", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
  ["lists in lists that may be", nested(90, "[", "]")],
  ["brackets that never close", "[{".repeat(100_000)],
  ["a long key", JSON.stringify({ ["k".repeat(1_000_000)]: 1, event_type: "create", Title: "t" })],
  ["many keys", JSON.stringify(Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, i])))],
  [
    "a long text",
    JSON.stringify({ event_type: "create", Title: "t".repeat(2_000_000), Description: "\u0001".repeat(500_000) }),
  ],
  ["a long list", JSON.stringify(Array.from({ length: 50_000 }, (_, i) => i))],
  [
    "prototypes",
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"event_type":"create","Title":"t"}',
  ],
  ["elements in elements", nested(50_000, "<a>", "</a>")],
  ["entities", '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;&b;</x>'],
];

it("every type of integration is here with options of its own", () => {
  expect(new Set(CASES.map(([type]) => type))).toEqual(new Set(Object.keys(SOURCES)));
});

describe.each(CASES)("%s with %s", (type, _, options) => {
  it("keeps the contract whatever is sent", () => {
    fc.assert(
      fc.property(bodiesFor(type), query, headers, (sent, withQuery, withHeaders) => {
        expectContract(type, sent, { query: withQuery, headers: withHeaders, options });
      }),
      { numRuns: runs(250) },
    );
  });

  it.each(EXTREMES)("keeps it for %s", (__, sent) => {
    expectContract(type, sent, { options });
    expectContract(type, sent, { options, headers: { "content-type": "application/xml" } });
  });

  it("takes the options that it gave back", () => {
    const given: JsonObject = SOURCES[type].options.parse(options);
    expect(SOURCES[type].options.parse(JSON.parse(JSON.stringify(given)))).toEqual(given);
  });
});

describe("what is documented", () => {
  it.each(FIXTURES)("$type: $name", ({ type, body: sent, options = {}, expected }) => {
    const event = eventOf(type, sent, { options });
    const { signal } = event;
    const fields = "fields" in signal ? signal.fields : null;
    expect({
      action: signal.action,
      kind: event.kind,
      key: "key" in signal ? signal.key : null,
      urgency: fields?.urgency ?? null,
      title: fields?.title ?? null,
    }).toEqual({ key: null, urgency: null, title: null, ...expected });
  });
});
