import { describe, expect, it } from "vitest";
import { event, refusal } from "../../support/catch.ts";
import { errorsOf, eventOf } from "../../support/sources.ts";

const MILLION = 1_000_000;
/** A list of this many values, itself included. */
const listOf = (values: number, item = "{}"): string =>
  `[${Array(values - 1)
    .fill(item)
    .join(",")}]`;

describe("a body of more than a million values", () => {
  it.each(["pagertree", "retrace", "backtrace", "thousandeyes", "catch", "rules"] as const)(
    "is refused by %s before it is parsed",
    (type) => {
      const body = `{"event_type":"create","a":${listOf(MILLION, "[]")}}`;
      const options = type === "rules" ? { options: { rule_set: "grafana" } } : {};
      const sent = { headers: { "content-type": "application/json" }, ...options };
      expect(errorsOf(type, body, sent)).toEqual([
        { path: "", message: "The body contains more than 1000000 values." },
      ]);
    },
  );

  it("is accepted with exactly a million", () => {
    expect(event(listOf(MILLION), { options: { fan_out: false } }).kind).toBe("hook");
  });

  it("stays a text if its content type does not say that it is JSON", () => {
    const body = listOf(MILLION + 1);
    expect(event(body, { type: "application/x-unknown", options: { fan_out: false } }).payload).toEqual({
      raw_body: body,
    });
  });
});

describe("documents within the texts of a body", () => {
  it.each([
    ["JSON", listOf(400_000, "1")],
    ["XML", `<a>${"<b/>".repeat(90_000)}</a>`],
  ])("are parsed up to a million values together: %s", (_kind, document) => {
    const body = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, document]));
    const { payload, signal } = event(body);
    const opened = Object.values(payload ?? {}).filter((value) => typeof value !== "string");
    expect(opened.length).toBeGreaterThan(0);
    expect(opened.length).toBeLessThan(20);
    expect(signal.note).toContain("too much JSON and XML");
  });
});

describe("a form of very many fields", () => {
  const fields = Array.from({ length: 10_001 }, (_, index) => `k${index}=`).join("&");
  const type = "application/x-www-form-urlencoded";

  it("is refused, as a body and as a query", () => {
    expect(errorsOf("pagertree", fields, { headers: { "content-type": type } })[0]?.message).toContain("10000 fields");
    expect(errorsOf("pagertree", "{}", { query: fields })[0]?.message).toContain("10000 fields");
    expect(refusal(fields, { type })).toContain("10000 fields");
  });

  it("keeps a very long name as it is written", () => {
    const name = `a${"[b]".repeat(1_000_000)}`;
    expect(event(`${name}=1`, { type }).payload).toEqual({ [name]: "1" });
  });

  it("is taken with few fields", () => {
    expect(eventOf("pagertree", "event_type=create&Title=t", { headers: { "content-type": type } }).kind).toBe("alert");
  });
});
