import { beforeEach, describe, expect, it } from "vitest";
import { payloadOf } from "../../src/model/event.ts";
import create from "../fixtures/pagertree-create.json";
import { bindingsWith, fakeDatabase, fakeQueue } from "../support/bindings.ts";
import { insertIntegrationRow } from "../support/integrations.ts";
import { eventsIn, json, post } from "../support/posting.ts";

const MIB = 1024 * 1024;
const TOKEN = "quartz-lantern-0123456789";
const OPEN = "/integration/int_open";
const GUARDED = "/integration/int_guarded";

let { queue, sent } = fakeQueue();
let bindings = bindingsWith({ EVENTS: queue });

beforeEach(async () => {
  ({ queue, sent } = fakeQueue());
  bindings = bindingsWith({ EVENTS: queue });
  await insertIntegrationRow({ id: "int_open" });
  await insertIntegrationRow({ id: "int_guarded", token: TOKEN });
  await insertIntegrationRow({ id: "int_own", token: TOKEN, token_header: "X-Shared-Word" });
  await insertIntegrationRow({ id: "int_off", enabled: false, token: TOKEN });
});

async function expectProblem(answer: Response, status: number): Promise<unknown> {
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const problem: unknown = await answer.json();
  expect(problem).toMatchObject({
    type: "about:blank",
    status,
    code: expect.any(String),
    title: expect.any(String),
    detail: expect.any(String),
  });
  expect(sent).toEqual([]);
  return problem;
}

describe("an accepted request", () => {
  it("receives one id, three times", async () => {
    const answer = await post(bindings, OPEN, json(create));
    expect(answer.status).toBe(200);
    const [event] = eventsIn(sent);
    expect(event?.id).toMatch(/^evt_[0-9a-z]{28}$/);
    expect(await answer.json()).toEqual({
      status: "success",
      id: event?.id,
      request_id: event?.id,
      attempt: event?.id,
    });
  });

  it("becomes one message with all of its content", async () => {
    await post(bindings, `${OPEN}?site=b`, json(create, { "Idempotency-Key": " once ", "x-site": "B" }));
    const [event] = eventsIn(sent);
    expect(event).toMatchObject({
      v: 1,
      integration_id: "int_open",
      repeat_key: "idempotency-key:once",
      content: {
        request: {
          method: "POST",
          query: "site=b",
          body: JSON.stringify(create),
          body_encoding: "utf8",
          headers: { "x-site": "B" },
        },
        signal: {
          action: "create",
          namespace: "int_open",
          key: create.Id,
          fields: { title: create.Title, urgency: "high" },
        },
        payload: { ...create, site: "b" },
      },
    });
    expect(new Date(event?.received_at ?? "").toISOString()).toBe(event?.received_at);
  });

  it("does not store its payload twice", async () => {
    await post(bindings, OPEN, json(create));
    const [event] = eventsIn(sent);
    expect(event?.content).not.toHaveProperty("payload");
    expect(event && payloadOf(event.content)).toEqual(create);
  });

  it("keeps its bytes, byte order mark included", async () => {
    const body = `\ufeff ${JSON.stringify(create)}\n`;
    await post(bindings, OPEN, { body });
    const [event] = eventsIn(sent);
    expect(event?.content.request.body).toBe(body);
    expect(event && payloadOf(event.content)).toEqual(create);
  });

  it.each(["/hooks/catch/int_open", "/hooks/catch/int_open/"])("may arrive at %s", async (path) => {
    expect((await post(bindings, path, json(create))).status).toBe(200);
  });

  it("may arrive by PUT, and with a query alone", async () => {
    expect((await post(bindings, OPEN, { ...json(create), method: "PUT" })).status).toBe(200);
    expect((await post(bindings, `${OPEN}?event_type=create&Title=Fuel+low`)).status).toBe(200);
    expect(eventsIn(sent).map(({ content }) => content.signal.action)).toEqual(["create", "create"]);
  });

  it("may have no known field", async () => {
    expect((await post(bindings, OPEN, json({ event_type: "snooze" }))).status).toBe(200);
    expect(eventsIn(sent)[0]?.content.signal).toMatchObject({ action: "ignore" });
  });
});

describe("the address", () => {
  it.each(["int_nobody", "evt_open", "int_OPEN", "int_", "int_%00", "%E0%A4%A", "int_open%2F"])(
    "%s is 404",
    async (id) => {
      await expectProblem(await post(bindings, `/integration/${id}`, json(create)), 404);
    },
  );

  it("of a disabled integration is 410, whatever the token", async () => {
    await expectProblem(await post(bindings, "/integration/int_off", json(create)), 410);
  });

  it.each(["GET", "DELETE", "PATCH", "OPTIONS"])("does not take %s", async (method) => {
    const answer = await post(bindings, OPEN, { method });
    expect(answer.headers.get("allow")).toBe("POST, PUT");
    await expectProblem(answer, 405);
  });

  it("is 503 if the database fails before the integration is cached", async () => {
    const database = fakeDatabase();
    database.behaviour = "throws";
    const answer = await post(bindingsWith({ EVENTS: queue, DB: database.db }), OPEN, json(create));
    expect(answer.headers.get("retry-after")).toBe("5");
    await expectProblem(answer, 503);
  });
});

describe("a token", () => {
  it("lets the sender in, in the header of the integration", async () => {
    expect((await post(bindings, GUARDED, json(create, { "pagertree-token": TOKEN }))).status).toBe(200);
    expect((await post(bindings, "/integration/int_own", json(create, { "x-shared-word": TOKEN }))).status).toBe(200);
  });

  it.each([
    ["missing", {}],
    ["empty", { "pagertree-token": "" }],
    ["wrong", { "pagertree-token": "nope" }],
    ["one character short", { "pagertree-token": TOKEN.slice(0, -1) }],
    ["one character long", { "pagertree-token": `${TOKEN}x` }],
    ["in another case", { "pagertree-token": TOKEN.toUpperCase() }],
    ["in another header", { authorization: `Bearer ${TOKEN}` }],
  ])("that is %s is refused without a reason", async (_, headers: Record<string, string>) => {
    const answers = [json(create, headers), json({}, headers), { headers }, { body: "{", headers }];
    const problems = new Set<string>();
    for (const init of answers) {
      problems.add(JSON.stringify(await expectProblem(await post(bindings, GUARDED, init), 403)));
    }
    expect(problems.size).toBe(1);
  });

  it("is checked before the body is read", async () => {
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulls += 1;
          controller.enqueue(new Uint8Array(1024));
        },
      },
      { highWaterMark: 0 },
    );
    await expectProblem(await post(bindings, GUARDED, { body }), 403);
    expect(pulls).toBe(0);
  });

  it("is ignored if the integration has none", async () => {
    expect((await post(bindings, OPEN, json(create, { "pagertree-token": "whatever" }))).status).toBe(200);
  });
});

describe("a body", () => {
  it.each(["", "{", "[1]", "\u0000\u0000"])("%j is refused with its place", async (body) => {
    const problem = await expectProblem(await post(bindings, OPEN, { body }), 400);
    expect(problem).toMatchObject({ errors: [{ path: "", message: expect.any(String) }] });
  });

  it("with wrong fields is refused, and each is named", async () => {
    const problem = await expectProblem(await post(bindings, OPEN, json({ ...create, title: 7, tags: { a: 1 } })), 400);
    expect(problem).toMatchObject({ errors: [{ path: "title" }, { path: "tags" }] });
  });

  it("that is no UTF-8 is refused", async () => {
    await expectProblem(await post(bindings, OPEN, { body: new Uint8Array([0x7b, 0xff, 0x7d]) }), 400);
  });

  it("in an unknown content coding is refused", async () => {
    const answer = await post(bindings, OPEN, json(create, { "content-encoding": "br" }));
    expect(answer.headers.get("accept-encoding")).toBe("gzip, deflate");
    await expectProblem(answer, 415);
    expect((await post(bindings, OPEN, json(create, { "content-encoding": "Identity" }))).status).toBe(200);
  });

  it("of 10 MiB is accepted, and one byte more is not", async () => {
    const head = '{"event_type":"resolve","Id":"a","pad":"';
    const sized = (length: number) => `${head}${"p".repeat(length - head.length - 2)}"}`;
    expect((await post(bindings, OPEN, { body: sized(10 * MIB) })).status).toBe(200);
    sent.length = 0;
    await expectProblem(await post(bindings, OPEN, { body: sized(10 * MIB + 1) }), 413);
  });

  it("whose Content-Length is too large is refused unread", async () => {
    const body = new ReadableStream<Uint8Array>(
      { pull: () => Promise.reject(new Error("was read")) },
      { highWaterMark: 0 },
    );
    const headers = { "content-length": String(10 * MIB + 1) };
    await expectProblem(await post(bindings, OPEN, { body, headers }), 413);
  });

  it("without end is refused once it is too large", async () => {
    let pulled = 0;
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled += MIB;
          controller.enqueue(new Uint8Array(MIB).fill(0x20));
        },
        cancel() {
          cancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    await expectProblem(await post(bindings, OPEN, { body }), 413);
    expect(cancelled).toBe(true);
    expect(pulled).toBeLessThanOrEqual(12 * MIB);
  });

  it("that is incomplete is refused", async () => {
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error("gone")) });
    await expectProblem(await post(bindings, OPEN, { body }), 400);
  });

  it("may have a query of 16 KB, and no more", async () => {
    expect((await post(bindings, `${OPEN}?q=${"q".repeat(16_382)}`, json(create))).status).toBe(200);
    sent.length = 0;
    await expectProblem(await post(bindings, `${OPEN}?q=${"q".repeat(16_383)}`, json(create)), 414);
  });
});
