import { describe, expect, it, vi } from "vitest";
import { Budget, UNITS_PER_MS } from "../../../src/model/budget.ts";
import type { JsonObject } from "../../../src/model/json.ts";
import { create, eventsOf, fieldsOf, noteOf } from "./support.ts";

const FIRING = {
  match: { "log.data.state": "firing" },
  actions: [{ type: "create", thirdparty_id: "{{ log.data.id }}", title: "{{ log.data.name }} is down" }],
};
const FIXED = {
  match: { "log.data.state": "ok" },
  actions: [{ type: "resolve", thirdparty_id: "{{ log.data.id }}" }],
};

const NEVER: JsonObject = { match: { $nor: [{}] }, actions: [{ type: "ignore" }] };

describe("each", () => {
  const options = { each: "data.alerts", rules: [FIRING, FIXED] };
  const body = { who: "am", data: { alerts: [{ state: "firing", id: 1, name: "a" }, { state: "ok", id: 2 }, 5] } };

  it("makes an event of each item, which has the whole body beside it", () => {
    const withParent = {
      each: "data.alerts",
      rules: [
        {
          match: { "log.parent.who": "am", "log.data.id": { $exists: true } },
          actions: [{ type: "create", title: "{{ log.parent.who }}-{{ log.data.id }}" }],
        },
      ],
    };
    const events = eventsOf(withParent, { body });
    expect(events.map((event) => fieldsOf(event))).toMatchObject([{ title: "am-1" }, { title: "am-2" }, {}]);
    expect(events.map(({ payload }) => payload)).toEqual(body.data.alerts);
    expect(events.every(({ payload_is_body }) => !payload_is_body)).toBe(true);
  });

  it("takes the first rule that matches for every item by itself", () => {
    expect(eventsOf(options, { body }).map(({ signal }) => signal.action)).toEqual(["create", "resolve", "ignore"]);
  });

  it("gives every event a key of its own", () => {
    const keyless = {
      each: "l",
      rules: [
        {
          match: {},
          actions: [
            { type: "create", title: "t" },
            { type: "create", title: "u" },
          ],
        },
      ],
    };
    const keys = eventsOf(keyless, { body: { l: [1, 2] } }).map(({ signal }) =>
      signal.action === "create" ? signal.key : null,
    );
    expect(keys).toEqual(["evt_0", "evt_1", "evt_2", "evt_3"]);
  });

  it("takes a single map for a list of one, and the whole body where there is nothing", () => {
    expect(eventsOf(options, { body: { data: { alerts: { state: "ok", id: 3 } } } })).toMatchObject([
      { signal: { action: "resolve", key: "3" } },
    ]);
    const [event] = eventsOf(options, { body: { state: "ok", id: 4 } });
    expect(event?.signal).toEqual({
      action: "resolve",
      namespace: "int_1",
      key: "4",
      note: "There is nothing at data.alerts, so that the rules were applied to the whole body.",
    });
  });

  it("takes each map of a list that is the whole body, as Auth0 sends its log", () => {
    const rules = create({ title: "{{ log.data.data.type }} of {{ log.parent | size }}" }, { "log.data.log_id": "l2" });
    const body = [
      { log_id: "l1", data: { type: "s" } },
      { log_id: "l2", data: { type: "pwd_leak" } },
    ];
    const [first, second, ...others] = eventsOf(rules, { body });
    expect(noteOf(first)).toBe("No rule matched.");
    expect(fieldsOf(second)).toMatchObject({ title: "pwd_leak of 2" });
    expect([first?.payload, second?.payload, others]).toEqual([...body, []]);
    for (const whole of [[], [1, 2], [{ log_id: "l2" }, 7]]) {
      expect(eventsOf(rules, { body: whole }).map(({ payload }) => payload)).toEqual([whole]);
    }
  });

  it("keeps a record of an empty list", () => {
    expect(eventsOf(options, { body: { data: { alerts: [] } } })).toMatchObject([
      { signal: { action: "ignore", note: "The list at data.alerts is empty. There is nothing to act on." } },
    ]);
  });

  it("acts on as many items as one request may become events, and keeps a record of the others", () => {
    const many = (length: number): JsonObject => ({ l: Array.from({ length }, (_, index) => index) });
    const all = eventsOf({ each: "l", rules: [NEVER] }, { body: many(500) });
    expect(all).toHaveLength(500);
    expect(noteOf(all.at(-1))).toBe("No rule matched.");
    const some = eventsOf({ each: "l", rules: [NEVER] }, { body: many(503) });
    expect(some).toHaveLength(501);
    expect(noteOf(some.at(-1))).toBe("3 of 503 items were not acted on: one request becomes at most 500 events.");
    expect(some.at(-1)?.payload).toEqual([500, 501, 502]);
    const twice = { each: "l", rules: [{ match: {}, actions: [{ type: "ignore" }, { type: "ignore" }] }] };
    expect(eventsOf(twice, { body: many(300) })).toHaveLength(501);
  });
});

describe("preprocess", () => {
  it("parse_json opens JSON in texts, however deep it stands", () => {
    const options = {
      preprocess: [{ type: "parse_json" }],
      ...create({ title: "{{ log.data.a.b.c }}{{ log.data.l[0].x }}" }),
    };
    const body = { a: JSON.stringify({ b: JSON.stringify({ c: 1 }) }), l: ['{"x":2}'], no: "{not json}", n: "[1" };
    const [event] = eventsOf(options, { body });
    expect(fieldsOf(event)).toMatchObject({ title: "12" });
    expect(event?.payload).toEqual({ a: { b: { c: 1 } }, l: [{ x: 2 }], no: "{not json}", n: "[1" });
    expect(event?.payload_is_body).toBe(false);
  });

  it("parse_json opens so many texts and so deep, and leaves the others as they are", () => {
    const options = { preprocess: [{ type: "parse_json" }], rules: [NEVER] };
    const inner = "[".repeat(60) + "]".repeat(60);
    const nested = JSON.parse(`${"[".repeat(60)}${JSON.stringify(inner)}${"]".repeat(60)}`);
    expect(eventsOf(options, { body: { nested } })[0]?.payload).toEqual({ nested });
    const texts = Array.from({ length: 6_000 }, () => "[]");
    const payload = eventsOf(options, { body: { texts } })[0]?.payload;
    expect(JSON.stringify(payload)).toContain('[],"[]"');
  });

  it("parse_sns opens the message of an SNS envelope", () => {
    const options = {
      preprocess: [{ type: "parse_sns" }],
      ...create({ title: "{{ log.data.Message.AlarmName }} ({{ log.data.TopicArn }})" }),
    };
    const body = { Type: "Notification", TopicArn: "arn:1", Message: '{"AlarmName":"cpu"}' };
    const sent = { text: JSON.stringify(body), headers: { "content-type": "text/plain; charset=UTF-8" } };
    expect(fieldsOf(eventsOf(options, sent)[0])).toMatchObject({ title: "cpu (arn:1)" });
    expect(eventsOf(options, { body: { ...body, Message: "hello" } })[0]?.payload).toEqual({
      ...body,
      Message: "hello",
    });
    expect(eventsOf(options, { body: { Message: '{"a":1}' } })[0]?.payload).toEqual({ Message: '{"a":1}' });
  });

  it("comes before each", () => {
    const options = { preprocess: [{ type: "parse_sns" }], each: "Message.alerts", rules: [FIXED] };
    const body = { Type: "Notification", Message: '{"alerts":[{"state":"ok","id":"i"}]}' };
    expect(eventsOf(options, { body })).toMatchObject([{ signal: { action: "resolve", key: "i" } }]);
  });
});

describe("a request cannot cost without end", () => {
  const rule = { match: { "log.data": { $regex: "(a+)+$" } }, actions: [{ type: "ignore" }] };
  const long = `${"a".repeat(200_000)}!`;

  it("is not acted on where its filters would look at too much", () => {
    expect(noteOf(eventsOf({ rules: [rule] }, { body: long })[0])).toBe("No rule matched.");
    const [event] = eventsOf({ rules: Array.from({ length: 50 }, () => rule) }, { body: long });
    expect(event?.signal).toEqual({
      action: "ignore",
      note: "This was not acted on: the rules would cost too much.",
    });
    expect(event?.payload_is_body).toBe(true);
  });

  it("is not acted on where its templates together would write too much", () => {
    const loop = "{% for i in (1..1000) %}{% for j in (1..100) %}x{% endfor %}{% endfor %}";
    const meta = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`m${index}`, loop]));
    expect(eventsOf(create({ meta }), { body: {} }).map(noteOf)).toEqual([
      "This was not acted on: the templates would cost too much.",
    ]);
  });

  it("of 37 KB does not cost more than one allowance, whatever ten templates would do with it", () => {
    const items = Array.from({ length: 1_200 }, () => ({ a: "x7", b: { c: 7 } }));
    const loop =
      "{% for a in log.data.items %}{% for b in log.data.items %}" +
      "{% if a.a == b.a and a.b.c > 3 %}x{% endif %}{% endfor %}{% endfor %}";
    const meta = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`m${index}`, loop]));
    const { part } = Budget.prototype;
    const given: number[] = [];
    vi.spyOn(Budget.prototype, "part").mockImplementation(function record(this: Budget, limit, units) {
      if (limit === "template work") given.push(Math.min(units, this.remaining));
      return part.call(this, limit, units);
    });
    const [event] = eventsOf(create({ meta }), { body: { items } });
    vi.restoreAllMocks();
    expect(noteOf(event)).toBe("This was not acted on: the templates would cost too much.");
    expect(given.length).toBeGreaterThanOrEqual(10);
    expect(Math.max(...given)).toBeLessThanOrEqual(100 * UNITS_PER_MS);
    expect(given.reduce((sum, units) => sum + units, 0)).toBeLessThanOrEqual(300 * UNITS_PER_MS);
  });

  it("is acted on up to the item that costs too much", () => {
    const rules = Array.from({ length: 10 }, () => rule);
    const events = eventsOf({ each: "l", rules }, { body: { l: ["a!", long, "b", long, "c"] } });
    expect(events.map(noteOf).at(-1)).toMatch(/^\d of 5 items were not acted on: the rules would cost too much/);
    expect(events[0]?.payload).toBe("a!");
  });
});
