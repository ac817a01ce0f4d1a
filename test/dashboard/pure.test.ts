import { describe, expect, it } from "vitest";
import { curlCommand } from "../../src/dashboard/events/curl.ts";
import { deliveryState } from "../../src/dashboard/events/delivery-state.ts";
import { eventTitle } from "../../src/dashboard/events/event-title.ts";
import { failureText } from "../../src/dashboard/deliveries/failure-text.ts";
import { routedMs, scaleTo, storyEnd, waitsOf } from "../../src/dashboard/events/timeline.ts";

import { joinRows, selectFresh } from "../../src/dashboard/lists/rows.ts";
import { fromLocalField, startOf, timesOf, toLocalField } from "../../src/dashboard/lists/ranges.ts";
import { returnPath } from "../../src/dashboard/session/return-path.ts";
import { oneOf, parseSearch, stringifySearch, text, time } from "../../src/dashboard/shell/search-params.ts";
import { durationText } from "../../src/dashboard/ui/time-text.ts";

describe("the page after signing in", () => {
  it.each([
    ["/events?q=a#b", "/events?q=a#b"],
    [undefined, "/"],
    ["/login?return_to=/login", "/"],
    ["https://evil.example/", "/"],
    ["//evil.example/", "/"],
    ["/\\evil.example/", "/"],
    ["/\t/evil.example/", "/"],
    ["javascript:alert(1)", "/"],
  ])("of %j is %j", (asked, expected) => {
    expect(returnPath(asked)).toBe(expected);
  });
});

describe("filters in the address", () => {
  it("are plain texts, and come back as they were", () => {
    const search = { q: "100% & more", type: "alert.created" };
    expect(parseSearch(stringifySearch(search))).toEqual(search);
    expect(stringifySearch({ q: "", type: undefined })).toBe("");
  });

  it("are left out if they are unknown", () => {
    expect(oneOf({ type: "nonsense" }, "type", ["a", "b"])).toEqual({});
    expect(text({ q: ["a"], other: "x" }, "q")).toEqual({});
  });

  it("name a range by its length", () => {
    expect(startOf("1h", Date.parse("2026-01-01T01:00:00.000Z"))).toBe("2026-01-01T00:00:00.000Z");
    expect(startOf(undefined, 0)).toBeUndefined();
  });

  it("name two times, unless there is a range", () => {
    const times = { from: "2026-01-01T00:00:00.000Z", to: "2026-01-02T00:00:00.000Z" };
    expect(time({ from: "2026-01-01", to: "yesterday", other: "2026-01-01" }, "from", "to")).toEqual({
      from: times.from,
    });
    expect(timesOf(times, 0)).toEqual(times);
    expect(timesOf({ to: times.to }, 0)).toEqual({ to: times.to });
    expect(timesOf({ ...times, range: "1h" }, Date.parse("2026-03-01T01:00:00.000Z"))).toEqual({
      from: "2026-03-01T00:00:00.000Z",
    });
  });

  it("show a time in the viewer's zone, to the minute", () => {
    const at = "2026-07-01T12:34:00.000Z";
    expect(fromLocalField(toLocalField(at))).toBe(at);
    expect([toLocalField(undefined), fromLocalField("")]).toEqual(["", undefined]);
  });
});

describe("the rows of a live list", () => {
  const row = (id: string, outcome = "created") => ({ id, outcome });

  it("appear once each, as the newest poll knows them", () => {
    const rows = joinRows([row("c")], [[row("b"), row("a")], [row("a")]], [row("b", "resolved")]);
    expect(rows).toEqual([row("c"), row("b", "resolved"), row("a")]);
  });

  it("wait as fresh until they are taken", () => {
    expect(selectFresh([row("a")], [row("b"), row("a")])).toEqual([row("b")]);
  });
});

describe("why a delivery is not delivered", () => {
  const error = "The destination responded with status 503.";
  const attempt = { number: 1, at: "2026-01-01T00:00:00.000Z", status: 503, duration_ms: 4, response_body: "", error };
  const pending = { status: "pending", attempts: [attempt] } as const;

  it("is said once if the reason is the error of the last attempt", () => {
    expect(failureText({ ...pending, reason: error })).toBe(`Last attempt: ${error}`);
  });

  it("has the reason, and then the last attempt", () => {
    expect(failureText({ ...pending, reason: "breaker_open" })).toBe(`Breaker open. Last attempt: ${error}`);
    expect(failureText({ ...pending, reason: "Too many at once." })).toBe(`Too many at once. Last attempt: ${error}`);
  });

  it("is the reason alone without a failed attempt", () => {
    expect(failureText({ ...pending, attempts: [], reason: "rate_limited" })).toBe("Rate limited.");
    expect(failureText({ ...pending, attempts: [], reason: null })).toBe(null);
  });
});

describe("the scale of a story", () => {
  it("shows milliseconds and days on one line, in order and inside of it", () => {
    const { barOf, ticks } = scaleTo(86_400_000);
    const places = [0, 5, 200, 5_000, 300_000, 86_400_000].map((ms) => barOf(ms, ms + 100));
    for (const { start, width } of places) expect(start + width).toBeLessThanOrEqual(1.000_001);
    expect(places.map(({ start }) => start)).toEqual(places.map(({ start }) => start).toSorted((a, b) => a - b));
    expect(ticks.map(({ label }) => label)).toContain("1 s");
  });

  it("leaves room for the label of its end", () => {
    for (const endMs of [101, 129, 1_100, 61_000]) {
      const places = [...scaleTo(endMs).ticks.map(({ at }) => at), 1];
      const distances = places.slice(1).map((place, index) => place - (places[index] ?? 0));
      expect(Math.min(...distances)).toBeGreaterThanOrEqual(0.12);
    }
  });

  it("keeps apart the labels that a phone shows", () => {
    for (const endMs of [101, 1_100, 61_000, 636_000, 86_400_000]) {
      const shown = scaleTo(endMs).ticks.filter(({ isCrowded }) => !isCrowded);
      const places = [0, ...shown.map(({ at }) => at)];
      const distances = places.slice(1).map((place, index) => place - (places[index] ?? 0));
      expect(Math.min(1, ...distances)).toBeGreaterThanOrEqual(0.3);
      expect(places.at(-1)).toBeLessThanOrEqual(0.55);
    }
  });

  it("ends with the last answer or the next attempt", () => {
    const received_at = "2026-01-01T00:00:00.000Z";
    expect(storyEnd({ received_at, deliveries: [] })).toBe(0);
    expect(routedMs({ received_at, deliveries: [] })).toBe(null);
  });

  it("says how long a delivery waited before each attempt, and before the next", () => {
    const at = (ms: number): string => new Date(ms).toISOString();
    const attempt = { number: 1, status: 503, duration_ms: 40, response_body: null, error: null };
    const attempts = [
      { ...attempt, at: at(1_200) },
      { ...attempt, at: at(2_240) },
    ];
    const delivery = { created_at: at(1_100), attempts, next_attempt_at: at(9_000) };
    expect(waitsOf({ received_at: at(1_000) }, delivery)).toEqual([
      { fromMs: 100, toMs: 200 },
      { fromMs: 240, toMs: 1_240 },
      { fromMs: 1_280, toMs: 8_000 },
    ]);
    // A retry by hand can begin before the planned time, and two clocks can differ.
    const early = { created_at: at(5_000), attempts: [{ ...attempt, at: at(4_000) }], next_attempt_at: null };
    expect(waitsOf({ received_at: at(1_000) }, early)).toEqual([{ fromMs: 4_000, toMs: 4_000 }]);
  });

  it.each([
    [12, "12 ms"],
    [2_100, "2.1 s"],
    [200_000, "3 min 20 s"],
    [7_500_000, "2 h 5 min"],
  ])("calls %i ms %j", (ms, expected) => {
    expect(durationText(ms)).toBe(expected);
  });
});

describe("an event as a curl command", () => {
  it("quotes whatever a stranger wrote, so that a shell runs none of it", () => {
    const payload = { text: "'; rm -rf / #", dollar: "$(id) `id`" };
    const command = curlCommand("https://x.example/integration/int_1", {
      payload,
      headers: { "content-type": "application/json", "x-a": "'$(id)'", host: "x", "x-token": "[redacted]" },
    });
    const words = command.replaceAll("'\\''", "\u0000").match(/'[^']*'/g) ?? [];
    const rest = command.replaceAll("'\\''", "").replaceAll(/'[^']*'/g, "");
    expect(rest).toBe("curl -sS  \\\n  -H  \\\n  -H  \\\n  -H  \\\n  --data-raw ");
    expect(words.at(-1)?.slice(1, -1).replaceAll("\u0000", "'")).toBe(JSON.stringify(payload));
    expect(command).toContain("x-token: YOUR-X-TOKEN");
  });

  it("never makes curl read a file", () => {
    expect(curlCommand("https://x.example/", { payload: "@/etc/passwd", headers: null })).toContain(
      "--data-raw '@/etc/passwd'",
    );
  });
});

describe("what an event is called", () => {
  const untitled = { title: null, type: "event.received" } as const;

  it.each([
    [{ type: "payment.succeeded", id: "evt_1", amount: 100 }, "payment.succeeded · id: evt_1, amount: 100"],
    [{ hello: "world", nested: { a: 1 }, ok: true }, "hello: world, ok: true"],
    [{ data: { a: 1 }, meta: null }, "data, meta"],
    [[{ a: 1 }, { a: 2 }], "2 items"],
    ["plain\n text ", "plain text"],
    [{}, "event.received"],
    [null, "event.received"],
    [{ type: { a: 1 }, topic: "orders" }, "orders"],
    [{ __proto__: null, constructor: "x" }, "constructor: x"],
  ])("with the payload %j is %j", (payload, expected) => {
    expect(eventTitle({ ...untitled, payload })).toBe(expected);
  });

  it("is its title, and the summary of a long payload is cut", () => {
    expect(eventTitle({ ...untitled, title: "Disk full", payload: { type: "x" } })).toBe("Disk full");
    const long = eventTitle({ ...untitled, payload: { event: "😀".repeat(500) } });
    expect(long.length).toBeLessThanOrEqual(120);
    expect(long.isWellFormed()).toBe(true);
    expect(eventTitle({ title: null, type: null, payload: {} })).toBe("Event without a title");
  });
});

describe("what became of an event", () => {
  const NONE = { pending: 0, delivered: 0, dead: 0, cancelled: 0, outstanding: 0 };

  it.each([
    [{ delivered: 1 }, "ok", "delivered"],
    [{ delivered: 3 }, "ok", "3 of 3 delivered"],
    [{ delivered: 2, dead: 1, outstanding: 1 }, "dead", "1 of 3 dead"],
    [{ pending: 1, dead: 1, outstanding: 1 }, "dead", "1 of 2 dead"],
    [{ dead: 1, delivered: 1 }, "ok", "delivered"],
    [{ dead: 1, pending: 1 }, "pending", "pending"],
    [{ pending: 1, delivered: 1 }, "pending", "1 of 2 pending"],
    [{ cancelled: 2 }, "quiet", "cancelled"],
    [{ cancelled: 1, delivered: 1 }, "ok", "1 of 2 delivered"],
  ] as const)("is the worst of its deliveries: %j", (counts, health, text) => {
    expect(deliveryState({ unrouted: false, delivery_counts: { ...NONE, ...counts } })).toEqual({ health, text });
  });

  it("says that no route took it, and nothing if nothing is to be delivered", () => {
    expect(deliveryState({ unrouted: true, delivery_counts: NONE })?.text).toBe("no route");
    expect(deliveryState({ unrouted: false, delivery_counts: NONE })).toBeNull();
  });
});
