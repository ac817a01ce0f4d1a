import { describe, expect, it } from "vitest";
import { event, payload, payloads } from "../../support/catch.ts";

const inText = (depth: number, inner: unknown): unknown =>
  depth === 0 ? inner : JSON.stringify(inText(depth - 1, inner));

describe("JSON and XML inside of texts", () => {
  it("is opened, however it came", () => {
    const opened = { p: { a: 1 } };
    expect(payload({ p: '{"a":1}' })).toEqual(opened);
    expect(payload("p=%7B%22a%22%3A1%7D", { type: "application/x-www-form-urlencoded" })).toEqual(opened);
    expect(payload("", { query: "p=%7B%22a%22%3A1%7D" })).toEqual(opened);
    expect(payload('<p>{"a":1}</p>', { type: "text/xml" })).toEqual(opened);
    expect(payload({ p: ["<a>1</a>", " [1, 2]\n"] })).toEqual({ p: [{ a: "1" }, [1, 2]] });
  });

  it("is opened where the whole body is a text of JSON", () => {
    expect(payload(JSON.stringify('{"a":1}'), { type: "application/json" })).toEqual({ a: 1 });
    expect(payloads(JSON.stringify("[1,2]"), { type: "application/json" })).toEqual([{ value: 1 }, { value: 2 }]);
  });

  it.each(["false", " FALSE "])("stays text where the sender says X-Recurse-Parse: %s", (value) => {
    const how = { headers: { "x-recurse-parse": value }, query: "q=[1]" };
    expect(payload({ p: '{"a":1}', x: "<a>1</a>" }, how)).toEqual({ q: "[1]", p: '{"a":1}', x: "<a>1</a>" });
    expect(event({ p: "[1]" }, { headers: how.headers }).payload_is_body).toBe(true);
  });

  it("is opened where the sender says anything else", () => {
    expect(payload({ p: "[1]" }, { headers: { "x-recurse-parse": "true" } })).toEqual({ p: [1] });
  });
});

describe("a text stays a text", () => {
  it.each([
    "12",
    "007",
    "1e3",
    "true",
    "null",
    '"quoted"',
    "",
    "[ERROR] disk full",
    "[ERROR]",
    "{{name}}",
    "{a:1}",
    "[1,]",
    "x {}",
    "<",
    "<>",
    "<none>",
    "<@U123>",
    "<https://example.com|here>",
    "<ann@example.com>",
    "a < b > c",
    "<a>1</b>",
    "<a/> and more <b/>",
  ])("where it is no JSON map or list and no XML document: %j", (text) => {
    expect(event({ text })).toMatchObject({ payload: { text }, payload_is_body: true });
  });

  it.each([
    "<p>Hello</p>",
    "<DIV class='x'><i>a</i></DIV>",
    '<a href="https://example.com">here</a>',
    "<html><body/></html>",
    "<h1>x</h1>",
    "<note>Dear <b>you</b></note>",
  ])("where it is written for people: %s", (text) => {
    expect(payload({ text })).toEqual({ text });
  });

  it("in raw_body", () => {
    expect(payload("<a>1</a>", { type: "text/plain" })).toEqual({ raw_body: "<a>1</a>" });
  });
});

describe("bounds", () => {
  it("open texts in texts five deep", () => {
    const wrap = (levels: number): unknown => ({ a: inText(1, levels === 0 ? 1 : wrap(levels - 1)) });
    expect(payload({ a: JSON.stringify({ a: JSON.stringify({ a: "[1]" }) }) })).toEqual({ a: { a: { a: [1] } } });
    const six = payload(wrap(6));
    expect(JSON.stringify(six)).toContain('\\"a\\"');
    expect(JSON.stringify(six).indexOf('"{')).toBe('{"a":'.length * 6);
  });

  it("keep what would nest too deep as text", () => {
    const text = `${"[".repeat(60)}${"]".repeat(60)}`;
    const nested = (depth: number): unknown => (depth === 0 ? text : [nested(depth - 1)]);
    expect(JSON.stringify(payload({ a: nested(39) }))).not.toContain('"[');
    expect(JSON.stringify(payload({ a: nested(40) }))).toContain('"[');
  });

  it("keep what is too much to open as text, and say so", () => {
    const { payload: some, signal } = event({ a: Array.from({ length: 20_000 }, () => "[]") });
    const opened = JSON.stringify(some).split("[]").length - 1 - JSON.stringify(some).split('"[]"').length + 1;
    expect(opened).toBeGreaterThan(1_000);
    expect(opened).toBeLessThan(3_000);
    expect(signal.note).toContain("too much");
  });
});
