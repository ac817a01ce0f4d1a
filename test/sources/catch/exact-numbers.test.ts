import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matches, parseFilter } from "../../../src/filters/filter.ts";
import { parseExact } from "../../../src/model/exact-json.ts";
import { isJsonObject } from "../../../src/model/json.ts";
import { payload, payloads } from "../../support/catch.ts";
import { eventOf, openingOf } from "../../support/sources.ts";

const FORM = "application/x-www-form-urlencoded";
const whole = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String);

/** Returns whether a filter of this JSON takes a document of that JSON. */
function takes(filter: string, document: string): boolean {
  const parsed = parseFilter(parseExact(filter));
  const value = parseExact(document);
  if (!parsed.ok || !isJsonObject(value)) throw new Error(JSON.stringify(parsed));
  return matches(parsed.value, value);
}

describe("a whole number with more digits than a double", () => {
  it("keeps all digits beside a query, in a fan-out, in a form's field, in a text and in a multipart body", () => {
    fc.assert(
      fc.property(whole, (n) => {
        const json = `{"id":${n}}`;
        expect(JSON.stringify(payload(json, { type: "application/json", query: "a=1" }))).toBe(`{"a":"1","id":${n}}`);
        expect(JSON.stringify(payloads(`[${json},${n}]`, { type: "application/json" }))).toBe(
          `[${json},{"value":${n}}]`,
        );
        expect(JSON.stringify(payload(`payload=${encodeURIComponent(json)}`, { type: FORM }))).toBe(
          `{"payload":${json}}`,
        );
        expect(JSON.stringify(payload(JSON.stringify({ text: json }), { type: "application/json" }))).toBe(
          `{"text":${json}}`,
        );
        expect(JSON.stringify(payload(json, { type: "text/plain" }))).toBe(json);
        const part = `--k\r\ncontent-disposition: form-data; name="p"\r\n\r\n${json}\r\n--k--`;
        expect(JSON.stringify(payload(part, { type: "multipart/form-data; boundary=k" }))).toBe(`{"p":${json}}`);
      }),
      { numRuns: 100 },
    );
  });

  it("is compared exactly by filters", () => {
    fc.assert(
      fc.property(whole, whole, fc.boolean(), (a, other, isSame) => {
        const b = isSame ? a : other;
        expect(takes(`{"n":${a}}`, `{"n":${b}}`)).toBe(BigInt(a) === BigInt(b));
        expect(takes(`{"n":{"$in":[1,${a}]}}`, `{"n":${b}}`)).toBe(BigInt(a) === BigInt(b) || BigInt(b) === 1n);
        expect(takes(`{"n":{"$gt":${a}}}`, `{"n":${b}}`)).toBe(BigInt(b) > BigInt(a));
        expect(takes(`{"n":{"$lte":${a}}}`, `{"n":${b}}`)).toBe(BigInt(b) <= BigInt(a));
        expect(takes(`{"n":{"$type":"long"}}`, `{"n":${b}}`)).toBe(true);
        expect(takes(`{"n":{"$type":"object"}}`, `{"n":${b}}`)).toBe(false);
      }),
    );
    expect(takes('{"n":90071992547409920}', '{"n":90071992547409921}')).toBe(false);
    expect(takes('{"n":"90071992547409921"}', '{"n":90071992547409921}')).toBe(true);
  });

  it("keeps all digits in PagerTree's payload where its text is not stored: beside a query, and after a byte order mark", () => {
    const n = "90071992547409931";
    const body = `{"event_type":"create","Title":"t","order":{"ids":[${n},1e400]}}`;
    const fields = body.slice(1, -1);
    const beside = eventOf("pagertree", body, { query: "a=1" });
    expect(JSON.stringify(beside.payload)).toBe(`{"a":"1",${fields}}`);
    const marked = eventOf("pagertree", `\ufeff${body}`, {});
    expect(JSON.stringify(marked.payload)).toBe(body);
    expect([beside.payload_is_body, marked.payload_is_body]).toEqual([false, false]);
  });

  it.each([
    ["retrace", '{"EventType":1,"AlertGroupId":7,"Name":"n","order":90071992547409931}'],
    ["backtrace", '{"universe":"u","project":"p","fingerprint":"f","application":"a","order":90071992547409931}'],
    ["thousandeyes", '{"eventType":"ALERT_NOTIFICATION_TRIGGER","alert":{"alertId":1},"order":90071992547409931}'],
    ["pagertree", '{"event_type":"create","Id":"1","order":90071992547409931}'],
  ] as const)("keeps all digits in a title's template, and after a byte order mark: %s", (type, body) => {
    const options = { title_template: "{{ data.order }}" };
    expect(openingOf(type, body, { options }).fields.title).toBe("90071992547409931");
    expect(JSON.stringify(eventOf(type, `\ufeff${body}`, { options }).payload)).toBe(body);
  });

  it("keeps all digits in PagerTree's Meta and in what rules write", () => {
    const n = "90071992547409931";
    const body = `{"event_type":"create","Id":"b1","Title":"t","Meta":{"order":${n}}}`;
    expect(JSON.stringify(openingOf("pagertree", body).fields.meta)).toBe(`{"order":${n}}`);
    const options = {
      rules: [
        { match: parseExact(`{"log.data.order":${n}}`), actions: [{ type: "create", title: "{{ log.data.order }}" }] },
      ],
    };
    expect(
      openingOf("rules", `{"order":${n}}`, { options, headers: { "content-type": "application/json" } }).fields.title,
    ).toBe(n);
  });
});
