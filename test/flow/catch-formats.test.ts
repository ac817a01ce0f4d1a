import { describe, expect, it } from "vitest";
import { openLine } from "../support/flow.ts";
import { FORM, payloadOf } from "../support/flow-catch.ts";

describe("a body becomes fields", () => {
  it("of JSON, numbers and all", async () => {
    expect(await payloadOf('{"order":17,"lines":[{"sku":"rye"}],"paid":null}')).toEqual({
      order: 17,
      lines: [{ sku: "rye" }],
      paid: null,
    });
  });

  it.each(["application/vnd.bakery+json", "text/json; charset=utf-8", FORM, null])(
    "of JSON that calls itself %s",
    async (type) => {
      expect(await payloadOf('{"order":17}', { type })).toEqual({ order: 17 });
    },
  );

  it("of a form, with maps and lists", async () => {
    const form = "name=Ada+L.&tag=a&tag=b&address%5Bcity%5D=Graz&roles[]=x&note=caf%C3%A9";
    expect(await payloadOf(form, { type: FORM })).toEqual({
      name: "Ada L.",
      tag: ["a", "b"],
      address: { city: "Graz" },
      roles: ["x"],
      note: "café",
    });
  });

  it("of a multipart form, with what is told of its files", async () => {
    const form = new FormData();
    form.set("who", "Ada");
    form.append("scan", new File([new Uint8Array([1, 2, 3, 255])], "page 1.png", { type: "image/png" }));
    const request = new Request("https://a.example/", { method: "POST", body: form });
    const type = request.headers.get("content-type");
    expect(await payloadOf(new Uint8Array(await request.arrayBuffer()), { type })).toEqual({
      who: "Ada",
      scan: { filename: "page 1.png", content_type: "image/png", size: 4 },
    });
  });

  it.each(["application/xml", "text/xml; charset=utf-8", "application/atom+xml"])("of XML as %s", async (type) => {
    const xml = '<?xml version="1.0"?><order no="9"><item>rye</item><item>oat</item><paid/></order>';
    expect(await payloadOf(xml, { type })).toMatchObject({ order: { "@no": "9", item: ["rye", "oat"] } });
  });

  it.each(["text/plain", "text/html; charset=utf-8", "application/octet-stream"])("of %s is raw_body", async (type) => {
    expect(await payloadOf('{"just": text}', { type })).toEqual({ raw_body: '{"just": text}' });
  });

  it("of bytes that are no text is raw_body in base64", async () => {
    const bytes = new Uint8Array([0x89, 0x50, 0xff, 0x00]);
    expect(await payloadOf(bytes, { type: "image/png" })).toEqual({
      raw_body: "iVD/AA==",
      raw_body_encoding: "base64",
    });
  });

  it("of JSON that is no map or list is a value", async () => {
    expect(await payloadOf("42")).toEqual({ value: 42 });
  });

  it.each([
    ["{", "application/json"],
    ["<a><b></a>", "application/xml"],
    ["no parts", "multipart/form-data; boundary=x"],
  ])("that cannot be parsed as what it is called is 400: %s as %s", async (body, type) => {
    const line = await openLine("catch");
    expect((await line.send(body, { type })).status).toBe(400);
    expect(await line.events()).toEqual([]);
  });
});

describe("query and method", () => {
  it.each(["GET", "PUT", "POST"])("the query alone is fields, by %s", async (method) => {
    expect(await payloadOf(undefined, { method, query: "?loaf=rye&n=2&n=3" })).toEqual({ loaf: "rye", n: ["2", "3"] });
  });

  it("a body that is put counts like one that is posted", async () => {
    expect(await payloadOf({ a: 1 }, { method: "PUT" })).toEqual({ a: 1 });
  });

  it.each([
    ["application/json", '{"b":"body"}', { a: "query", b: "body" }],
    [FORM, "b=form", { a: "query", b: "form" }],
    ["text/plain", "hi", { a: "query", b: "query", raw_body: "hi" }],
  ])("query and body are merged, and the body wins: %s", async (type, body, merged) => {
    expect(await payloadOf(body, { query: "?a=query&b=query", type })).toEqual(merged);
  });

  it.each(["DELETE", "PATCH"])("%s is 405 with what is taken", async (method) => {
    const line = await openLine("catch");
    const answer = await line.send({ a: 1 }, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("POST, PUT, GET");
  });

  it.each(["POST", "PUT", "GET"])("a wholly empty request by %s is 200, and nothing is stored", async (method) => {
    const line = await openLine("catch");
    const how = { method, path: `/hooks/catch/${line.id}/` };
    expect(await line.send(undefined, how)).toMatchObject({ status: 200, json: { status: "success" } });
    expect(await line.send(undefined, { ...how, query: "?" })).toMatchObject({ status: 200 });
    if (method !== "GET") expect(await line.send(" \n", how)).toMatchObject({ status: 200 });
    expect(await line.events()).toEqual([]);
    expect(line.delivered()).toEqual([]);
  });
});

describe("JSON and XML inside of texts", () => {
  const body = { payload: '{"a":[1,"{\\"b\\":2}"]}', xml: "<x><y>1</y></x>", text: "{not json}", html: "<p>hi</p>" };
  const encoded = `payload=${encodeURIComponent('{"a":1}')}`;

  it("are opened, however deep, and what only looks like them stays", async () => {
    expect(await payloadOf(body)).toEqual({
      payload: { a: [1, { b: 2 }] },
      xml: { x: { y: "1" } },
      text: "{not json}",
      html: "<p>hi</p>",
    });
  });

  it.each([
    [encoded, { type: FORM }],
    [undefined, { method: "GET", query: `?${encoded}` }],
  ])("are opened in forms and queries too: %j %j", async (sent, how) => {
    expect(await payloadOf(sent, how)).toEqual({ payload: { a: 1 } });
  });

  it.each(["false", "False", " FALSE "])("stay texts where X-Recurse-Parse is %j", async (value) => {
    expect(await payloadOf(body, { headers: { "X-Recurse-Parse": value } })).toEqual(body);
  });

  it("are opened where it says anything else", async () => {
    expect(await payloadOf({ p: "[1]" }, { headers: { "x-recurse-parse": "true" } })).toEqual({ p: [1] });
  });
});
