import { describe, expect, it } from "vitest";
import { call, openLine, pluck } from "../support/flow.ts";
import { unwrap } from "../../src/client/index.ts";
import { client } from "../support/api.ts";
import { FORM, payloadOf, payloads } from "../support/flow-catch.ts";

describe("a list", () => {
  it("is one event per item, and the answer names each", async () => {
    const line = await openLine("catch");
    const answer = await line.send([{ n: 1 }, { n: 2 }, 3]);
    const { ids } = answer.json;
    expect(ids).toHaveLength(3);
    expect(answer.json).toEqual({ status: "success", id: ids[0], request_id: ids[0], attempt: ids[0], ids });
    expect(await line.events()).toMatchObject([
      { id: ids[0], payload: { n: 1 } },
      { id: ids[1], payload: { n: 2 } },
      { id: ids[2], payload: { value: 3 } },
    ]);
    expect(payloads(line)).toEqual(expect.arrayContaining([{ n: 1 }, { n: 2 }, { value: 3 }]));
    expect(line.delivered()).toHaveLength(3);
  });

  it("that is sent again under one Idempotency-Key is delivered once", async () => {
    const line = await openLine("catch");
    const how = { headers: { "idempotency-key": "order-5" } };
    for (let n = 0; n < 2; n++) expect((await line.send([{ n: 1 }, { n: 2 }], how)).json["ids"]).toHaveLength(2);
    expect(await line.events()).toHaveLength(2);
    expect(line.delivered()).toHaveLength(2);
  });

  it("of none is 200, and nothing is stored", async () => {
    const line = await openLine("catch");
    expect(await line.send([])).toMatchObject({ status: 200, json: { status: "success" } });
    expect(await line.events()).toEqual([]);
  });

  it("stays one event where fan_out is off", async () => {
    expect(await payloadOf([{ n: 1 }, { n: 2 }], {}, { fan_out: false })).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it("carries the query in each item", async () => {
    const line = await openLine("catch");
    await line.send([{ n: 1 }, { n: 2, shop: "own" }], { query: "?shop=eu" });
    expect(pluck(await line.events(), "payload")).toEqual([
      { shop: "eu", n: 1 },
      { shop: "own", n: 2 },
    ]);
  });
});

describe("child_key", () => {
  it("picks the event out of the body", async () => {
    const body = { data: { order: [{ no: 1 }, { no: 2 }] }, meta: 1 };
    expect(await payloadOf(body, {}, { child_key: "data.order.1" })).toEqual({ no: 2 });
  });

  it("comes before the list is made into events", async () => {
    const line = await openLine("catch", { child_key: "data.orders" });
    const answer = await line.send({ data: { orders: [{ no: 1 }, { no: 2 }] } });
    expect(answer.json["ids"]).toHaveLength(2);
    expect(pluck(await line.events(), "payload")).toEqual([{ no: 1 }, { no: 2 }]);
  });

  it.each([
    ["payload.a", "application/json", '{"payload":"{\\"a\\":{\\"n\\":\\"1\\"}}"}'],
    ["o.l", "application/xml", "<o><l><n>1</n></l></o>"],
  ])("reaches into XML and into JSON inside of texts: %s", async (child_key, type, body) => {
    expect(await payloadOf(body, { type }, { child_key })).toEqual({ n: "1" });
  });

  it("that is not there leaves the whole payload, and the event says so", async () => {
    const line = await openLine("catch", { child_key: "data.orders" });
    await line.send({ other: 1 });
    expect(await line.events()).toMatchObject([
      { payload: { other: 1 }, note: expect.stringContaining("nothing at data.orders") },
    ]);
  });
});

describe("raw", () => {
  it("keeps the body untouched beside headers and query", async () => {
    const text = '[ {"n": 1.50} ,\n2]';
    const payload = await payloadOf(text, { query: "?a=1", headers: { "x-shop": "eu", cookie: "s=1" } }, { raw: true });
    expect(payload).toMatchObject({ raw_body: text, querystring: { a: "1" } });
    expect(payload).toMatchObject({
      headers: { "content-type": "application/json", "x-shop": "eu", cookie: "[redacted]" },
    });
  });

  it("is base64 where the body is no text", async () => {
    const payload = await payloadOf(new Uint8Array([0xff, 0xfe]), { type: FORM }, { raw: true });
    expect(payload).toMatchObject({ raw_body: "//4=", raw_body_encoding: "base64" });
  });

  it("does not mind JSON that does not parse", async () => {
    expect(await payloadOf("{", {}, { raw: true })).toMatchObject({ raw_body: "{" });
  });
});

describe("the addresses", () => {
  it.each(["", "/"])("/hooks/catch/{id}%s is the same endpoint", async (end) => {
    const line = await openLine("catch");
    for (const method of ["POST", "PUT"]) {
      const answer = await line.send({ method }, { method, path: `/hooks/catch/${line.id}${end}` });
      expect(answer).toMatchObject({ status: 200, json: { status: "success" } });
    }
    await line.send(undefined, { method: "GET", path: `/hooks/catch/${line.id}${end}`, query: "?method=GET" });
    expect(payloads(line)).toEqual([{ method: "POST" }, { method: "PUT" }, { method: "GET" }]);
  });

  it.each(["", "/"])("/hooks/catch/{id}/silent%s answers nothing, and takes the event", async (end) => {
    const line = await openLine("catch");
    const path = `/hooks/catch/${line.id}/silent${end}`;
    expect(await line.send({ quiet: true }, { path })).toMatchObject({ status: 200, text: "" });
    expect(payloads(line)).toEqual([{ quiet: true }]);
  });

  it("of nobody is 404, of an integration that is off 410", async () => {
    const line = await openLine("catch");
    expect((await line.send({}, { path: "/hooks/catch/int_0000000000000000000000000000" })).status).toBe(404);
    await client.integrations.update(line.id, { enabled: false });
    for (const path of [`/hooks/catch/${line.id}/`, `/integration/${line.id}`, `/hooks/catch/${line.id}/silent`]) {
      expect((await line.send({ a: 1 }, { path })).status).toBe(410);
    }
    expect(await line.events()).toEqual([]);
  });
});

describe("browsers", () => {
  it("may ask before they post, and read the answer, the refusals as well", async () => {
    const line = await openLine("catch");
    const asked = { origin: "https://shop.example", "access-control-request-method": "POST" };
    const headers = { ...asked, "access-control-request-headers": "content-type, x-shop" };
    for (const path of [`/hooks/catch/${line.id}`, `/integration/${line.id}`]) {
      const preflight = await call(path, { method: "OPTIONS", headers });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
      expect(preflight.headers.get("access-control-allow-methods")).toBe("POST, PUT, GET");
      expect(preflight.headers.get("access-control-allow-headers")).toBe("content-type, x-shop");
    }
    for (const body of ['{"a":1}', "{"]) {
      const answer = await line.send(body, { headers: { origin: "https://shop.example" } });
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    }
    expect(await line.events()).toHaveLength(1);
  });
});

describe("an answer of its own", () => {
  it("takes the place of the usual one", async () => {
    const response = { status: 202, headers: { "x-shop": "eu" }, body: { taken: true } };
    const line = await openLine("catch", {}, { response });
    const answer = await line.send({ a: 1 });
    expect(answer).toMatchObject({ status: 202, json: { taken: true } });
    expect(answer.headers.get("x-shop")).toBe("eu");
    expect(payloads(line)).toEqual([{ a: 1 }]);
  });
});

describe("the samples", () => {
  it("are the three latest requests", async () => {
    const line = await openLine("catch");
    for (let n = 1; n <= 4; n++) await line.send({ n });
    await line.send("n=5", { type: FORM });
    const json = unwrap(await client.integrations.samples.list(line.id));
    expect(json["data"]).toMatchObject([
      { payload: { n: "5" }, body: "n=5", method: "POST" },
      { payload: { n: 4 }, body: '{"n":4}' },
      { payload: { n: 3 }, body: '{"n":3}' },
    ]);
    expect(json["data"]).toHaveLength(3);
  });
});

describe("an event id of the sender's", () => {
  it.each([
    [{ "webhook-id": "msg_5" }, { a: 1 }],
    [{ "svix-id": "msg_5" }, { a: 1 }],
    [{ "idempotency-key": "k" }, { a: 1 }],
    [{ "x-github-delivery": "72d3162e" }, { a: 1 }],
    [{ "x-shopify-webhook-id": "b54557e4" }, { a: 1 }],
    [{ "stripe-signature": "t=1,v1=00" }, { id: "evt_stripe_1" }],
    [{ "x-slack-signature": "v0=00" }, { type: "event_callback", event_id: "Ev08" }],
  ])("%j makes what is sent again one event and one delivery: %j", async (headers, body) => {
    const line = await openLine("catch");
    for (let n = 0; n < 3; n++) {
      expect(await line.send(body, { headers })).toMatchObject({ status: 200, json: { status: "success" } });
    }
    expect(await line.events()).toHaveLength(1);
    expect(line.delivered()).toHaveLength(1);
  });

  it("that is not an id leaves every request an event", async () => {
    const line = await openLine("catch");
    for (let n = 0; n < 2; n++) await line.send({ id: "evt_stripe_1", event_id: "Ev08" });
    expect(await line.events()).toHaveLength(2);
  });
});

describe("limits", () => {
  it("refuse a burst over the integration's rate with 429 and when to come again", async () => {
    const line = await openLine("catch", {}, { rate_limit: { requests: 2, period_seconds: 60 } });
    const answers = [await line.send({ n: 1 }), await line.send({ n: 2 }), await line.send({ n: 3 })];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(Number(answers[2]?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(payloads(line)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it("take a body of many megabytes and refuse one of more than ten", async () => {
    const line = await openLine("catch");
    const big = "x".repeat(3 * 1024 * 1024);
    expect((await line.send({ big })).status).toBe(200);
    expect(payloads(line)).toEqual([{ big }]);
    expect((await line.send(new Uint8Array(10 * 1024 * 1024 + 1), { type: null })).status).toBe(413);
  });
});

it("an address can be changed with an overlap", async () => {
  const line = await openLine("catch");
  const rotated = unwrap(await client.integrations.rotateUrl(line.id, { overlap_seconds: 600 }));
  const path = new URL(rotated.url).pathname;
  expect(path).not.toContain(line.id);
  expect((await line.send({ by: "new" }, { path })).status).toBe(200);
  expect((await line.send({ by: "old" })).status).toBe(200);
  expect(payloads(line)).toEqual([{ by: "new" }, { by: "old" }]);
});
