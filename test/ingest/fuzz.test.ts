import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { parseEventMessage, payloadOf } from "../../src/model/event.ts";
import { SOURCES } from "../../src/sources/registry.ts";
import { bindingsWith, fakeQueue } from "../support/bindings.ts";
import { insertIntegrationRow } from "../support/integrations.ts";
import { post } from "../support/posting.ts";
import { runs } from "../support/runs.ts";

const NAMES = [
  "event_type",
  "Id",
  "Title",
  "Description",
  "Tags",
  "Meta",
  "Urgency",
  "dedup_keys",
  "id",
  "TITLE",
  "__proto__",
  "constructor",
  "toString",
  "\u0000",
  "\ud800",
];
const EVENT_TYPES = ["create", "acknowledge", "resolve", " CREATE ", "snooze"];

const wildText = fc.string({ unit: "binary", maxLength: 40 });
const wildValue = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  wildText,
  fc.constantFrom(...EVENT_TYPES, "\u0000", "\ud800", "x".repeat(2_000)),
);
const wildMap = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), wildText), wildValue), { maxLength: 12 })
  .map((entries) => JSON.stringify(Object.fromEntries(entries)));
const nearlyRight = fc
  .record(
    {
      event_type: fc.constantFrom(...EVENT_TYPES),
      Title: fc.oneof(wildText, wildValue),
      Id: wildValue,
      Tags: wildValue,
      Meta: wildValue,
      dedup_keys: wildValue,
    },
    { requiredKeys: ["event_type"] },
  )
  .map((map) => JSON.stringify(map));
const nested = fc
  .tuple(fc.constantFrom("[", '{"a":', '{"__proto__":'), fc.integer({ min: 0, max: 20_000 }))
  .map(([open, depth]) => open.repeat(depth));
const anyText = fc.oneof(wildMap, nearlyRight, fc.json(), wildText, nested);
const anyQuery = fc.oneof(
  fc.constant(""),
  wildText,
  fc.webQueryParameters(),
  fc.constantFrom("Tags[]=1&Tags=2", "Meta[__proto__]=1", "[]=1", "event_type=create", "a[b][c]=1"),
);

describe("the PagerTree source", () => {
  it("returns an event or errors for any input, and the same again", () => {
    fc.assert(
      fc.property(anyText, anyQuery, fc.boolean(), fc.boolean(), (text, query, isForm, capture) => {
        const headers: Record<string, string> = isForm ? { "content-type": "application/x-www-form-urlencoded" } : {};
        const request = { method: "POST", query, headers, body: new TextEncoder().encode(text), text, is_utf8: true };
        const options = SOURCES.pagertree.options.parse({ capture_additional_data: capture });
        const context = { integration: { id: "int_1", name: "Fuzz", type: "pagertree" }, eventIdAt: () => "evt_1" };
        const result = SOURCES.pagertree.prepare(options)(request, context);
        expect(JSON.stringify(SOURCES.pagertree.prepare(options)(request, context))).toBe(JSON.stringify(result));
        if (!result.ok) {
          expect(result.error.length).toBeGreaterThan(0);
          return;
        }
        for (const { signal, payload, payload_is_body } of result.value) {
          if (payload_is_body) expect(JSON.parse(text)).toEqual(payload);
          expect(signal.action).not.toBe("receive");
          if (!("key" in signal)) continue;
          expect(signal.key.isWellFormed()).toBe(true);
          expect(signal.key).not.toContain("\u0000");
          expect(signal.key.trim()).not.toBe("");
          if (signal.action === "create") expect(signal.fields.title.trim()).not.toBe("");
        }
      }),
      { numRuns: runs(10_000) },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe("the endpoint", () => {
  beforeEach(async () => {
    await insertIntegrationRow({ id: "int_open", options: { capture_additional_data: true } });
  });

  it("responds with 200 or 400 to any body, and stores the bytes of accepted ones", async () => {
    const { queue, sent } = fakeQueue();
    const bindings = bindingsWith({ EVENTS: queue, ACCEPT_DURABILITY: "queue" });
    const anyBody = fc.oneof(
      anyText.map((text) => new TextEncoder().encode(text)),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(anyBody, anyQuery, async (body, query) => {
        sent.length = 0;
        const answer = await post(bindings, `/integration/int_open?${encodeURI(query.toWellFormed())}`, { body });
        expect([200, 400]).toContain(answer.status);
        if (answer.status === 400) {
          expect(answer.headers.get("content-type")).toBe("application/problem+json");
          expect(sent).toEqual([]);
          return;
        }
        const [message] = sent.map((each) => parseEventMessage(JSON.parse(JSON.stringify(each))));
        if (message === null || message === undefined || !("content" in message)) throw new Error("not an event");
        expect(new TextEncoder().encode(message.content.request.body)).toEqual(body);
        expect(() => payloadOf(message.content)).not.toThrow();
      }),
      { numRuns: runs(2_000) },
    );
  });

  it("responds with 404 to any other address", async () => {
    const bindings = bindingsWith({ EVENTS: fakeQueue().queue });
    await fc.assert(
      fc.asyncProperty(wildText, async (text) => {
        const id = encodeURIComponent(text.toWellFormed());
        fc.pre(id !== "" && id !== "." && id !== "..");
        expect((await post(bindings, `/integration/${id}`, { body: "{}" })).status).toBe(404);
      }),
      { numRuns: runs(1_000) },
    );
  });
});
