import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/model/json.ts";
import { events, payload, read } from "../../support/catch.ts";
import { runs } from "../../support/runs.ts";

const NAMES = ["__proto__", "constructor", "prototype", "toString", "a", "a[b]", "a[__proto__]", "a[]", "", "\u0000"];
const TYPES = [
  "",
  "application/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=b",
  "application/xml",
  "text/plain",
  "application/other",
  ";;",
];

const wildText = fc.string({ unit: "binary", maxLength: 30 });
const name = fc.oneof(fc.constantFrom(...NAMES), wildText);
const scalar = fc.oneof(wildText, fc.integer(), fc.boolean(), fc.constant(null));
const element = fc.constantFrom("__proto__", "constructor", "prototype", "toString", "a", "x", "s:b");
const tag = fc.tuple(element, element, fc.constantFrom("1", "<b/>", "&lt;", "<![CDATA[<]]>", "t<b/>", "&x;", "&#x0;"));
const xml = fc.oneof(
  tag.map(([open, attribute, inner]) => `<${open} ${attribute}="1"><${attribute}>${inner}</${attribute}></${open}>`),
  fc
    .array(
      fc.constantFrom(
        "<a>",
        "</a>",
        "<x>",
        "</x>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?",
        "?>",
        "<!DOCTYPE a>",
        "t",
        "&",
        "'",
        '"',
      ),
    )
    .map((parts) => parts.join("")),
);
const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    xml,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(name, tie("value")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
    tie("value").map((inner) => JSON.stringify(inner)),
  ),
}));
const form = fc
  .array(
    fc.tuple(
      name,
      fc.oneof(
        wildText,
        json.map((value) => JSON.stringify(value)),
      ),
    ),
    { maxLength: 6 },
  )
  .map((fields) =>
    new URLSearchParams(fields.map(([key, value]) => [key.toWellFormed(), value.toWellFormed()])).toString(),
  );
const multipart = fc
  .array(fc.tuple(name, wildText), { maxLength: 4 })
  .map(
    (parts) =>
      `${parts.map(([key, text]) => `--b\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${text}\r\n`).join("")}--b--`,
  );
const anyBody = fc.oneof(
  json.map((value) => JSON.stringify(value)),
  form,
  multipart,
  xml,
  wildText,
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Uint8Array.from(bytes)),
);
const anyHow = fc.record({
  query: fc.oneof(fc.constant(""), form, wildText),
  type: fc.constantFrom(...TYPES),
  headers: fc.constantFrom<Record<string, string>>({}, { "x-recurse-parse": "false" }, { "stripe-signature": "t=1" }),
  options: fc.record({
    child_key: fc.constantFrom(null, "a", "a.b.0", "__proto__", "constructor.prototype", "x.a"),
    fan_out: fc.boolean(),
    raw: fc.boolean(),
  }),
});

function expectPlain(value: Json): void {
  if (typeof value !== "object" || value === null) return;
  expect(Object.getPrototypeOf(value)).toBe(Array.isArray(value) ? Array.prototype : Object.prototype);
  for (const member of Object.values(value)) expectPlain(member);
}

describe("the catch hook", () => {
  it("gives events or errors for whatever it is sent, pollutes nothing, and does the same again", () => {
    fc.assert(
      fc.property(anyBody, anyHow, (body, how) => {
        const result = read(body, how);
        expect(JSON.stringify(read(body, how))).toBe(JSON.stringify(result));
        if (!result.ok) {
          expect(how.options.raw).toBe(false);
          expect(result.error).toEqual([{ path: "", message: expect.any(String) }]);
          return;
        }
        for (const { signal, payload: said, payload_is_body, provider_event_id } of result.value) {
          expect(signal.action).toBe("receive");
          expect(provider_event_id?.trim()).not.toBe("");
          expect(typeof said).toBe("object");
          expect(said).not.toBeNull();
          expectPlain(said);
          expect(JSON.stringify(JSON.parse(JSON.stringify(said)))).toBe(JSON.stringify(said));
          if (payload_is_body && typeof body === "string") expect(JSON.parse(body)).toEqual(said);
        }
      }),
      { numRuns: runs(15_000) },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Reflect.ownKeys(Object.prototype)).not.toContain("a");
  });

  it("finds nothing more to open in what it has opened", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("a", "b"), json), (map) => {
        const once = payload(map);
        expect(payload(once)).toEqual(once);
      }),
      { numRuns: runs(2_500) },
    );
  });

  it("leaves JSON as it is where nothing is to be opened", () => {
    fc.assert(
      fc.property(json, (value) => {
        const how = { headers: { "x-recurse-parse": "false" }, options: { fan_out: false } };
        const [only] = events({ value }, how);
        expect(JSON.stringify(only?.payload)).toBe(JSON.stringify({ value }));
        expect(only?.payload_is_body).toBe(true);
      }),
      { numRuns: runs(2_500) },
    );
  });
});
