import { describe, expect, it } from "vitest";
import { providerEventIdOf } from "../../../src/sources/catch/sender.ts";

describe("a sender's own event id", () => {
  it.each<readonly [string, Record<string, string>, object, string | null]>([
    ["Linear", { "linear-delivery": "d1" }, {}, "d1"],
    ["Zoom", { "x-zm-trackingid": "z1" }, {}, "z1"],
    ["Sentry", { "sentry-hook-resource": "issue", "request-id": "r1" }, {}, "r1"],
    ["Bitbucket", { "x-event-key": "repo:push", "x-request-uuid": "b1" }, {}, "b1"],
    ["a request id of nobody", { "x-request-uuid": "b1" }, {}, null],
    ["another tool's request id", { "request-id": "r1" }, {}, null],
    ["PagerDuty", {}, { event: { id: "01", event_type: "incident.triggered" } }, "01"],
    ["Pub/Sub", {}, { message: { messageId: "77" }, subscription: "s" }, "77"],
    ["Pub/Sub, in snake case", {}, { message: { message_id: "77" }, subscription: "s" }, "77"],
    ["Twilio", { "i-twilio-idempotency-token": "t1" }, {}, "t1"],
    ["Paddle", {}, { event_id: "evt_1", event_type: "transaction.completed", notification_id: "ntf_1" }, "evt_1"],
    ["Square", {}, { merchant_id: "M", type: "payment.created", event_id: "6a8f" }, "6a8f"],
    ["a tool with an event_id of its own", {}, { event_id: "1", type: "x" }, null],
    [
      "Event Grid",
      {},
      [
        { id: "e1", eventType: "t", topic: "x" },
        { id: "e2", eventType: "t", topic: "x" },
      ],
      "e1 e2",
    ],
    ["CloudEvents, structured", {}, { specversion: "1.0", id: "1", source: "/a" }, "/a 1"],
    ["CloudEvents, binary", { "ce-id": "1", "ce-source": "/a" }, {}, "/a 1"],
    ["SendGrid", {}, [{ sg_event_id: "s1" }, { sg_event_id: "s2" }], "s1 s2"],
    ["Messenger", {}, { object: "page", entry: [{ id: "1", messaging: [{ message: { mid: "m1" } }] }] }, "m1"],
    [
      "WhatsApp's message",
      {},
      { object: "whatsapp_business_account", entry: [{ changes: [{ value: { messages: [{ id: "w1" }] } }] }] },
      "w1",
    ],
    [
      "WhatsApp's status",
      {},
      {
        object: "whatsapp_business_account",
        entry: [{ changes: [{ value: { statuses: [{ id: "w1", status: "read" }] } }] }],
      },
      "w1 read",
    ],
    ["an order", {}, { id: 1, name: "#1" }, null],
    ["a list of orders", {}, [{ id: 1 }, { id: 2 }], null],
  ])("of %s", (_, headers, body, expected) => {
    expect(providerEventIdOf(headers, JSON.parse(JSON.stringify(body)))).toBe(expected);
  });
});
