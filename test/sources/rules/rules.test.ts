import { describe, expect, it } from "vitest";
import { create, eventsOf, fieldsOf, interpret, noteOf } from "./support.ts";

const FIRING = {
  match: { "log.data.state": "firing" },
  actions: [{ type: "create", thirdparty_id: "{{ log.data.id }}", title: "{{ log.data.name }} is down" }],
};
const FIXED = {
  match: { "log.data.state": "ok" },
  actions: [{ type: "resolve", thirdparty_id: "{{ log.data.id }}" }],
};

describe("which rule is taken", () => {
  it("carries out the actions of the first rule that matches, and no other's", () => {
    const everything = { match: {}, actions: [{ type: "ignore", reason: "late" }] };
    const [event, ...others] = eventsOf(
      { rules: [FIXED, FIRING, everything] },
      { body: { state: "firing", id: 7, name: "db" } },
    );
    expect(event?.signal).toMatchObject({
      action: "create",
      namespace: "int_1",
      key: "7",
      fields: { title: "db is down" },
      note: null,
    });
    expect(event?.kind).toBe("alert");
    expect(others).toEqual([]);
  });

  it("resolves, and acknowledges", () => {
    const ack = {
      match: { "log.data.state": "seen" },
      actions: [{ type: "acknowledge", thirdparty_id: "{{ log.data.id }}" }],
    };
    const options = { rules: [FIRING, FIXED, ack] };
    expect(eventsOf(options, { body: { state: "ok", id: "x" } })[0]?.signal).toEqual({
      action: "resolve",
      namespace: "int_1",
      key: "x",
      note: null,
    });
    expect(eventsOf(options, { body: { state: "seen", id: "x" } })[0]?.signal).toMatchObject({
      action: "acknowledge",
      key: "x",
    });
  });

  it("carries out the default actions if none matches", () => {
    const options = {
      rules: [FIRING],
      default: { actions: [{ type: "create", title: "Something: {{ log.data.what }}" }] },
    };
    expect(fieldsOf(eventsOf(options, { body: { what: "odd" } })[0])).toMatchObject({ title: "Something: odd" });
  });

  it("ignores, and says so, if none matches and there is no default", () => {
    const [event] = eventsOf({ rules: [FIRING] }, { body: { a: 1 } });
    expect(event?.signal).toEqual({ action: "ignore", note: "No rule matched." });
    expect(event).toMatchObject({ payload: { a: 1 }, payload_is_body: true });
  });

  it("makes an event of each of several actions, in their order", () => {
    const actions = [
      { type: "resolve", thirdparty_id: "old" },
      { type: "create", title: "new" },
      { type: "ignore", reason: "{{ log.data.why }}" },
    ];
    const events = eventsOf({ rules: [{ match: {}, actions }] }, { body: { why: "because" } });
    expect(events.map(({ signal }) => signal.action)).toEqual(["resolve", "create", "ignore"]);
    expect(events[1]?.signal).toMatchObject({ key: "evt_1" });
    expect(noteOf(events[2])).toBe("because");
  });

  it("matches on headers, query, method and the text of the body", () => {
    const match = {
      "log.headers.x-kind": "a",
      "log.params.team": "b",
      "log.method": "PUT",
      "log.body": { $regex: "urgent" },
    };
    const options = create(
      { title: "{{ log.headers.x-kind }}{{ log.params.team }}{{ log.method }}{{ log.body }}" },
      match,
    );
    const sent = {
      method: "PUT",
      query: "team=b",
      headers: { "x-kind": "a", "content-type": "text/plain" },
      text: "very urgent",
    };
    expect(fieldsOf(eventsOf(options, sent)[0])).toMatchObject({ title: "abPUTvery urgent" });
    expect(eventsOf(options, { ...sent, method: "POST" })[0]?.signal.action).toBe("ignore");
  });
});

describe("what is read of a request", () => {
  const echo = create({ title: "{{ log.data }}" });
  const titleOf = (sent: Parameters<typeof eventsOf>[1], options = echo): unknown => {
    const fields = fieldsOf(eventsOf(options, sent)[0]);
    return "title" in fields ? fields.title : null;
  };

  it.each<[string, Parameters<typeof eventsOf>[1], string]>([
    ["JSON", { body: { a: [1] } }, '{"a":[1]}'],
    ["JSON and a query, of which the body wins", { query: "a=q&b=2", body: { a: 1 } }, '{"a":1,"b":"2"}'],
    [
      "a form",
      { text: "a=1&b[]=2&b[]=3", headers: { "content-type": "application/x-www-form-urlencoded" } },
      '{"a":"1","b":["2","3"]}',
    ],
    ["a query alone", { method: "GET", query: "state=down" }, '{"state":"down"}'],
    ["a list", { body: [1, 2] }, "1, 2"],
    [
      "JSON that calls itself text",
      { text: '{"a":1}', headers: { "content-type": "text/plain; charset=UTF-8" } },
      '{"a":1}',
    ],
    ["text, which is in log.body only", { text: "hello", headers: { "content-type": "text/plain" } }, "{}"],
  ])("%s", (_name, sent, expected) => {
    expect(titleOf(sent)).toBe(expected);
  });

  it("refuses a broken body and an empty request", () => {
    expect(interpret(echo, { text: "{", headers: { "content-type": "application/json" } }).ok).toBe(false);
    expect(interpret(echo, {})).toEqual({
      ok: false,
      error: [{ path: "", message: "The request has neither a body nor a query: there is nothing to act on." }],
    });
  });

  it("says that the payload is the body only where it is", () => {
    expect(eventsOf(echo, { body: { a: 1 } })[0]).toMatchObject({ payload_is_body: true });
    expect(eventsOf(echo, { body: { a: 1 }, query: "b=2" })[0]).toMatchObject({
      payload_is_body: false,
      payload: { a: 1, b: "2" },
    });
  });

  it.each([
    ["x-amz-sns-message-id", "sns-1"],
    ["x-github-delivery", "gh-1"],
  ])("knows a repeat by %s", (header, id) => {
    expect(eventsOf(echo, { body: {}, headers: { [header]: id } })[0]?.provider_event_id).toBe(id);
  });
});
