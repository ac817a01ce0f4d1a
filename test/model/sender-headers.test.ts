import { describe, expect, it } from "vitest";
import { documentOf, envelopeOf, withoutHeaders } from "../../src/model/envelope.ts";
import type { EventContent } from "../../src/model/event.ts";

const headers = { "x-github-event": "push", authorization: "[redacted]", "ce-type": "a.b" };
const content: EventContent = {
  kind: "hook",
  test: true,
  request: { method: "POST", query: "", headers, body: '{"n":1}', body_encoding: "utf8" },
  signal: { action: "receive", note: null },
};
const event = {
  id: "evt_1",
  integration_id: "int_1",
  received_at: "2026-01-01T00:00:00.000Z",
  type: "event.received",
  alert: null,
  content,
} as const;

describe("the headers of a sender", () => {
  it("are in the document of filters and templates, without credentials", () => {
    expect(documentOf(event)).toMatchObject({ data: { event: { test: true } } });
    expect(documentOf(event)).toHaveProperty(["data", "event", "headers"], {
      "x-github-event": "push",
      "ce-type": "a.b",
    });
  });

  it("are in no body that goes out", () => {
    expect(JSON.parse(envelopeOf(event))).toEqual(withoutHeaders(documentOf(event)));
    expect(envelopeOf(event)).not.toContain("push");
  });
});
