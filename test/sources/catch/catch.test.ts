import { describe, expect, it } from "vitest";
import { SOURCES } from "../../../src/sources/registry.ts";
import { event, events, payload, payloads, read, refusal } from "../../support/catch.ts";

const FORM = "application/x-www-form-urlencoded";

describe("an event", () => {
  it("is received as a hook, about no alert", () => {
    expect(event({ a: 1 })).toEqual({
      signal: { action: "receive", note: null },
      kind: "hook",
      payload: { a: 1 },
      payload_is_body: true,
      provider_event_id: null,
    });
  });

  it("comes by POST, PUT or GET", () => {
    expect(SOURCES.catch.methods).toEqual(["POST", "PUT", "GET"]);
    expect(payload("", { method: "GET", query: "a=1&b=x+y" })).toEqual({ a: "1", b: "x y" });
  });

  it.each(["", " \r\n", "\ufeff"])("is not one if the body is %j and there is no query", (body) => {
    for (const type of ["", "application/json", FORM, "application/xml", "multipart/form-data", "text/plain"]) {
      expect(events(body, { type })).toEqual([]);
    }
    expect(events(body, { query: "&&" })).toEqual([]);
  });

  it("is there where a map is empty", () => {
    expect(payload({})).toEqual({});
  });
});

describe("JSON", () => {
  it.each(["application/json; charset=utf-8", "Text/JSON", "application/vnd.api+json", "application/json, text/plain"])(
    "is what %s says it is",
    (type) => {
      expect(payload('{"a":[1,"2",null]}', { type })).toEqual({ a: [1, "2", null] });
      expect(refusal('{"a":', { type })).toMatch(/not valid JSON/);
    },
  );

  it.each(["", "nonsense", "application/webhook", FORM])("need not be labelled right: %j", (type) => {
    expect(event(' {"a":1}\n', { type })).toMatchObject({ payload: { a: 1 }, payload_is_body: true });
    expect(payloads("[1,{}]", { type })).toEqual([{ value: 1 }, {}]);
  });

  it("that is broken is refused without being echoed, also where it is labelled as a form", () => {
    for (const type of ["application/json", FORM]) {
      expect(refusal('{"hunter2":hunter2}', { type })).not.toMatch(/hunter2/);
      expect(refusal('{\n"a" 1}', { type })).toContain("line 2");
    }
  });

  it("that is no UTF-8 or nests too deep is refused", () => {
    expect(refusal(new Uint8Array([0x7b, 0xff]), { type: "application/json" })).toContain("UTF-8");
    expect(refusal(`${"[".repeat(101)}${"]".repeat(101)}`, { type: "application/json" })).toContain("deep");
  });

  it.each([
    ["7", 7],
    ['"text"', "text"],
    ["true", true],
    ["null", null],
  ])("%s is a field named value", (body, value) => {
    expect(event(body, { type: "application/json" })).toMatchObject({ payload: { value }, payload_is_body: false });
  });

  it("need not be kept twice where the payload is just what the body says", () => {
    expect(event({ a: 1 }).payload_is_body).toBe(true);
    expect(event([1], { options: { fan_out: false } }).payload_is_body).toBe(true);
    expect(event({ a: 1 }, { options: { child_key: "b" } }).payload_is_body).toBe(true);
    expect(event({ a: 1 }, { query: "b=1" }).payload_is_body).toBe(false);
    expect(event({ a: "[1]" }).payload_is_body).toBe(false);
    expect(event([{ a: 1 }]).payload_is_body).toBe(false);
    expect(event({ a: { b: 1 } }, { options: { child_key: "a" } }).payload_is_body).toBe(false);
    expect(event('\ufeff{"a":1}', { type: "application/json" }).payload_is_body).toBe(false);
    expect(event('\u00a0{"a":1}').payload_is_body).toBe(false);
    expect(event('{"a":1}\u00a0').payload_is_body).toBe(false);
  });
});

describe("query and body", () => {
  it("are merged, and the body wins on equal keys", () => {
    expect(payload({ a: 1 }, { query: "a=2&b=3" })).toEqual({ b: "3", a: 1 });
    expect(payload("a=1", { query: "a=2&A=3", type: FORM })).toEqual({ A: "3", a: "1" });
    expect(payload("<a>1</a>", { query: "a=2&b=3", type: "text/xml" })).toEqual({ b: "3", a: "1" });
    expect(payload("hello", { query: "raw_body=2&b=3", type: "text/plain" })).toEqual({ b: "3", raw_body: "hello" });
  });

  it("are merged in every event that is no list", () => {
    expect(payloads([{ a: 1 }, { b: 1 }, 7, [8]], { query: "b=2" })).toEqual([
      { b: "2", a: 1 },
      { b: 1 },
      { b: "2", value: 7 },
      [8],
    ]);
    expect(payload({ a: { c: 1 } }, { query: "b=2", options: { child_key: "a" } })).toEqual({ b: "2", c: 1 });
  });
});

describe("a body of another type", () => {
  it.each(["text/plain", "text/html; charset=utf-8", "application/octet-stream", "image/png", "multipart/mixed"])(
    "is kept as it came: %s",
    (type) => {
      expect(payload(" {a:1} ", { type })).toEqual({ raw_body: " {a:1} " });
      expect(payload("<a>1</a>", { type })).toEqual({ raw_body: "<a>1</a>" });
    },
  );

  it("is kept as it came where it is unlabelled and nothing known", () => {
    expect(payload("hello, world")).toEqual({ raw_body: "hello, world" });
    expect(payload("{broken}", { type: "application/webhook" })).toEqual({ raw_body: "{broken}" });
  });

  it("is in base64 where it is no UTF-8", () => {
    for (const type of ["application/octet-stream", "", "text/plain"]) {
      const expected = { raw_body: "AP+A", raw_body_encoding: "base64" };
      expect(payload(new Uint8Array([0, 0xff, 0x80]), { type })).toEqual(expected);
    }
  });
});

describe("a list", () => {
  it("is one event an item", () => {
    const found = events([{ a: 1 }, 2, null, "x", [3]]);
    expect(found.map((each) => each.payload)).toEqual([{ a: 1 }, { value: 2 }, { value: null }, { value: "x" }, [3]]);
    expect(found.every(({ payload_is_body }) => !payload_is_body)).toBe(true);
  });

  it("that is empty is nothing to keep", () => {
    expect(events([])).toEqual([]);
    expect(events({ a: [] }, { options: { child_key: "a" } })).toEqual([]);
  });

  it("is one event where that is wanted", () => {
    expect(payload([{ a: 1 }, 2], { options: { fan_out: false } })).toEqual([{ a: 1 }, 2]);
    expect(payload([], { options: { fan_out: false } })).toEqual([]);
  });

  it("of more than 500 items is one event with a note", () => {
    expect(events(Array.from({ length: 500 }, (_, i) => ({ i })))).toHaveLength(500);
    const { signal, payload: whole } = event(Array.from({ length: 501 }, (_, i) => i));
    expect(whole).toHaveLength(501);
    expect(signal.note).toMatch(/501 items.*500/);
  });
});

describe("child_key", () => {
  const body = { a: { b: [{ c: 1 }, { c: 2 }] }, "x.y": 1, none: null };

  it.each([
    ["a.b.1", [{ c: 2 }]],
    ["a.b", [{ c: 1 }, { c: 2 }]],
    ["a.b.0.c", [{ value: 1 }]],
    ["none", [{ value: null }]],
  ])("%s picks the event", (child_key, expected) => {
    expect(payloads(body, { options: { child_key } })).toEqual(expected);
  });

  it.each(["b", "a.b.2", "a.b.-1", "a.b.01x", "a.b.length", "a.constructor", "__proto__", "toString.name", "none.x"])(
    "%s leads nowhere: the event is the whole payload, with a note",
    (child_key) => {
      const { signal, payload: whole } = event(body, { options: { child_key } });
      expect(whole).toEqual(body);
      expect(signal.note).toContain(child_key);
    },
  );

  it("leads into what was text, into lists, queries and XML", () => {
    expect(payload({ a: '{"b":{"c":1}}' }, { options: { child_key: "a.b" } })).toEqual({ c: 1 });
    expect(payloads([{ a: 1 }, { a: 2 }], { options: { child_key: "1.a" } })).toEqual([{ value: 2 }]);
    expect(payload("", { query: 'p={"a":1}', options: { child_key: "p" } })).toEqual({ a: 1 });
    const xml = { type: "text/xml", options: { child_key: "s:Envelope.s:Body" } };
    expect(payload("<s:Envelope><s:Body><a>1</a></s:Body></s:Envelope>", xml)).toEqual({ a: "1" });
  });

  it("finds a key named __proto__ that was sent", () => {
    expect(payload('{"__proto__":{"a":1}}', { options: { child_key: "__proto__" } })).toEqual({ a: 1 });
  });
});

describe("a raw integration", () => {
  const options = { raw: true, child_key: "a" };

  it("gets the body untouched, the kept headers and the query", () => {
    const sent = { query: "b=1&b=2", headers: { "x-a": "1" }, type: "application/json", options };
    expect(event(' {"a":"[1]"}\n', sent)).toMatchObject({
      payload: {
        raw_body: ' {"a":"[1]"}\n',
        headers: { "x-a": "1", "content-type": "application/json" },
        querystring: { b: ["1", "2"] },
      },
      payload_is_body: false,
    });
    expect(payload("{broken", { type: "application/json", options })).toMatchObject({ raw_body: "{broken" });
    expect(payload("[1,2]", { options })).toMatchObject({ raw_body: "[1,2]" });
  });

  it("gets bytes in base64", () => {
    expect(payload(new Uint8Array([0xff]), { options })).toMatchObject({
      raw_body: "/w==",
      raw_body_encoding: "base64",
    });
  });

  it("keeps nothing of a wholly empty request, and white space where it was sent", () => {
    expect(events("", { options })).toEqual([]);
    expect(payload("", { query: "a=1", options })).toMatchObject({ raw_body: "", querystring: { a: "1" } });
    expect(payload(" ", { options })).toMatchObject({ raw_body: " " });
  });

  it("still knows a repeat", () => {
    expect(event('{"id":"evt_7"}', { headers: { "stripe-signature": "t=1" }, options }).provider_event_id).toBe(
      "evt_7",
    );
  });
});

describe("the sender's own name of an event", () => {
  it.each([
    [{ "x-github-delivery": "d-1" }, {}, "d-1"],
    [{ "x-shopify-webhook-id": " s-1 " }, { id: 7 }, "s-1"],
    [{ "stripe-signature": "t=1,v1=0" }, { id: "evt_1" }, "evt_1"],
    [{ "stripe-signature": "t=1,v1=0" }, { id: 7 }, null],
    [{ "x-slack-signature": "v0=0" }, { event_id: "Ev1" }, "Ev1"],
    [{}, { type: "event_callback", event_id: "Ev1" }, "Ev1"],
    [{ "x-github-delivery": " " }, {}, null],
    [{}, { id: "evt_1", event_id: "concert-9" }, null],
  ])("for %j and %j is %j", (headers, body, expected) => {
    expect(event(body, { headers: Object.fromEntries(Object.entries(headers)) }).provider_event_id).toBe(expected);
  });

  it("is the same for every item of a list, and found beside what child_key picks", () => {
    const headers = { "x-github-delivery": "d-1" };
    expect(events([1, 2], { headers }).map((each) => each.provider_event_id)).toEqual(["d-1", "d-1"]);
    const stripe = { headers: { "stripe-signature": "t=1" }, options: { child_key: "data" } };
    expect(event({ id: "evt_1", data: {} }, stripe)).toMatchObject({ payload: {}, provider_event_id: "evt_1" });
  });
});

describe("options", () => {
  it("have defaults", () => {
    expect(SOURCES.catch.options.parse({})).toEqual({
      child_key: null,
      fan_out: true,
      raw: false,
      expect_every_minutes: null,
    });
  });

  it.each([
    { other: 1 },
    { child_key: "" },
    { child_key: "a..b" },
    { child_key: ".a" },
    { child_key: 7 },
    { child_key: "k".repeat(201) },
    { fan_out: "yes" },
    { raw: null },
  ])("refuse %j", (given) => {
    expect(SOURCES.catch.options.safeParse(given).success).toBe(false);
  });
});

it("a request is understood the same way every time", () => {
  const sent = { query: "a[b]=1", type: "text/xml" };
  expect(read("<a><b/></a>", sent)).toEqual(read("<a><b/></a>", sent));
});
