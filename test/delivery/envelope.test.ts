import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Deliverable, envelopeOf } from "../../src/delivery/envelope.ts";
import type { AlertSnapshot } from "../../src/model/alert.ts";
import type { EventContent } from "../../src/model/event.ts";
import { parseJson } from "../../src/sources/json-text.ts";

const ALERT: AlertSnapshot = {
  id: "alr_1",
  key: "disk",
  status: "open",
  title: "Disk full",
  description: "",
  urgency: "high",
  tags: ["a"],
  meta: { host: "web-1" },
  incident: null,
  additional_data: [],
  dedup_count: 2,
};

function deliverable(content: Partial<EventContent>, alert: AlertSnapshot | null = ALERT): Deliverable {
  const request = { method: "POST", query: "", headers: {}, body: "{}", body_encoding: "utf8" } as const;
  return {
    id: "evt_1",
    integration_id: "int_1",
    received_at: "2026-11-20T10:00:00.000Z",
    type: "alert.created",
    alert,
    content: { kind: "alert", request, signal: { action: "ignore", note: "" }, ...content },
  };
}

function withBody(body: string): Partial<EventContent> {
  return { request: { method: "POST", query: "", headers: {}, body, body_encoding: "utf8" } };
}

describe("the body of a delivery", () => {
  it("is the documented envelope", () => {
    expect(JSON.parse(envelopeOf(deliverable(withBody('{"Id":"disk"}'))))).toEqual({
      type: "alert.created",
      timestamp: "2026-11-20T10:00:00.000Z",
      data: {
        event: {
          id: "evt_1",
          integration_id: "int_1",
          received_at: "2026-11-20T10:00:00.000Z",
          kind: "alert",
          payload: { Id: "disk" },
        },
        alert: ALERT,
      },
    });
  });

  it("has no alert where the event concerned none", () => {
    const parsed: unknown = JSON.parse(envelopeOf(deliverable({}, null)));
    expect(parsed).toEqual({
      type: "alert.created",
      timestamp: "2026-11-20T10:00:00.000Z",
      data: {
        event: {
          id: "evt_1",
          integration_id: "int_1",
          received_at: "2026-11-20T10:00:00.000Z",
          kind: "alert",
          payload: {},
        },
      },
    });
  });

  it("keeps every digit of the sender's numbers", () => {
    const body = '{"Id": 90071992547409931234, "ratio": 1.0, "big": 1e400}';
    expect(envelopeOf(deliverable(withBody(body)))).toContain(body);
  });

  it("carries the payload in place of the request's body where it differs", () => {
    const parsed: unknown = JSON.parse(envelopeOf(deliverable({ ...withBody("Id=disk"), payload: { Id: "disk" } })));
    expect(parsed).toMatchObject({ data: { event: { payload: { Id: "disk" } } } });
    const none: unknown = JSON.parse(envelopeOf(deliverable({ ...withBody(""), payload: null })));
    expect(none).toMatchObject({ data: { event: { payload: null } } });
  });

  it("is JSON that says what the sender's JSON said, whatever that is", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom("", " ", "\n\t"), (text, space) => {
        const body = `${space}${text}${space}`;
        const read = parseJson(body);
        if (!read.ok) return;
        const parsed: unknown = JSON.parse(envelopeOf(deliverable(withBody(body))));
        expect(parsed).toMatchObject({ type: "alert.created", data: { alert: ALERT } });
        expect(parsed).toEqual({
          type: "alert.created",
          timestamp: "2026-11-20T10:00:00.000Z",
          data: {
            event: {
              id: "evt_1",
              integration_id: "int_1",
              received_at: "2026-11-20T10:00:00.000Z",
              kind: "alert",
              payload: read.value,
            },
            alert: ALERT,
          },
        });
      }),
    );
  });
});
