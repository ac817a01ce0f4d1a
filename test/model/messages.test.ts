import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDeliveryMessage } from "../../src/model/delivery.ts";
import { OUTCOMES, TYPE_OF_OUTCOME, parseEventMessage, payloadOf } from "../../src/model/event.ts";
import { eventMessage } from "../support/world.ts";

/** What a queue makes of a message that is sent as JSON. */
function carried(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe("a message of the EVENTS queue", () => {
  it("is read as it was sent", () => {
    for (const action of ["create", "update", "acknowledge", "resolve"] as const) {
      const message = eventMessage(action, "disk", { repeat_key: "once" });
      expect(parseEventMessage(carried(message))).toEqual(message);
    }
    const stored = { v: 1, id: "evt_1", stored_at: "events/evt_1" };
    expect(parseEventMessage(stored)).toEqual(stored);
  });

  const valid = carried(eventMessage("create", "disk"));
  const changed = (changes: object): unknown => ({ ...Object(valid), ...changes });

  it.each([
    ["nothing", null],
    ["text", "evt_1"],
    ["a list", [valid]],
    ["a version that is not known", changed({ v: 2 })],
    ["no version", changed({ v: undefined })],
    ["an id that is no text", changed({ id: 7 })],
    ["no time of receipt", changed({ received_at: null })],
    ["no content", changed({ content: undefined })],
    ["content that is a list", changed({ content: [] })],
    ["content without a request", changed({ content: { signal: { action: "ignore", note: "" } } })],
    ["content without a signal", changed({ content: { request: {} } })],
    [
      "a signal with an action that is not known",
      changed({ content: { request: {}, signal: { action: "explode", namespace: "int_1", key: "k", note: null } } }),
    ],
    [
      "a signal without a key",
      changed({ content: { request: {}, signal: { action: "resolve", namespace: "int_1", note: null } } }),
    ],
    ["a reference without an address", { v: 1, id: "evt_1", stored_at: null }],
  ])("with %s is refused", (_, body) => {
    expect(parseEventMessage(body)).toBeNull();
  });

  it("never throws, whatever a queue brings", () => {
    fc.assert(fc.property(fc.anything(), (body) => void parseEventMessage(body)));
  });
});

describe("a message of the DELIVERIES queue", () => {
  it("is read as it was sent", () => {
    expect(parseDeliveryMessage({ v: 1, delivery_id: "dlv_1", attempts: 3 })).toEqual({
      v: 1,
      delivery_id: "dlv_1",
      attempts: 3,
    });
  });

  it.each([
    null,
    {},
    { v: 2, delivery_id: "dlv_1", attempts: 0 },
    { v: 1, delivery_id: null, attempts: 0 },
    { v: 1, delivery_id: "dlv_1" },
    { v: 1, delivery_id: "dlv_1", attempts: -1 },
    { v: 1, delivery_id: "dlv_1", attempts: 1.5 },
    { v: 1, delivery_id: "dlv_1", attempts: "1" },
  ])("of the form %j is refused", (body) => {
    expect(parseDeliveryMessage(body)).toBeNull();
  });

  it("never throws, whatever a queue brings", () => {
    fc.assert(fc.property(fc.anything(), (body) => void parseDeliveryMessage(body)));
  });
});

it("the payload is what was given, else what the body says", () => {
  const { content } = eventMessage("create", "disk");
  expect(payloadOf(content)).toEqual({ event_type: "create", Id: "disk" });
  expect(payloadOf({ ...content, payload: [1] })).toEqual([1]);
  expect(payloadOf({ ...content, payload: null })).toBeNull();
});

it("every outcome but that of an event that goes no further has a type that destinations are told", () => {
  const without = OUTCOMES.filter((outcome) => TYPE_OF_OUTCOME[outcome] === null);
  expect(without).toEqual(["ignored", "transformation_failed"]);
});
