import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderBody } from "../../src/delivery/request/body.ts";
import type { AlertSnapshot } from "../../src/model/alert.ts";
import { type Deliverable, envelopeOf } from "../../src/model/envelope.ts";
import type { EventContent } from "../../src/model/event.ts";
import type { Json } from "../../src/model/json.ts";
import { groupsOf } from "../../src/routing/grouping.ts";
import { readingOf } from "../../src/routing/select.ts";
import { parseJson } from "../../src/sources/reading/json-text.ts";
import { announcementOf } from "../delivery/presets/events.ts";
import { routeWith } from "../support/configuration.ts";

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

/** The body as it is documented. */
function envelopeWith(payload: Json, about: object = {}): object {
  const received_at = "2026-11-20T10:00:00.000Z";
  const event = { id: "evt_1", integration_id: "int_1", received_at, kind: "alert", payload };
  return { type: "alert.created", timestamp: received_at, data: { event, ...about } };
}

describe("the body of a delivery", () => {
  it("is the documented envelope", () => {
    expect(JSON.parse(envelopeOf(deliverable(withBody('{"Id":"disk"}'))))).toEqual(
      envelopeWith({ Id: "disk" }, { alert: ALERT }),
    );
  });

  it("has no alert where the event concerned none", () => {
    const parsed: unknown = JSON.parse(envelopeOf(deliverable({}, null)));
    expect(parsed).toEqual(envelopeWith({}));
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
        expect(parsed).toEqual(envelopeWith(read.value, { alert: ALERT }));
      }),
    );
  });
});

async function inPayload(body: string, event: Deliverable): Promise<string> {
  const payload = { mode: "template", content_type: "text/plain", body } as const;
  const rendered = await renderBody(payload, {}, "https://receiver.example.com", event);
  return rendered.ok ? new TextDecoder().decode(rendered.value.bytes) : rendered.error;
}

function inGroupBy(group_by: string, event: Deliverable): string | undefined {
  const route = routeWith({ group_window_seconds: 60, destination_ids: ["dst_1"], group_by });
  return groupsOf([route], readingOf(event)).memberships[0]?.group_key;
}

describe("a template", () => {
  const destination = { id: "dst_1", name: "Pager", url: null, disabled_reason: "gone" };
  const facts = { id: "evt_2", integration_id: null, received_at: "", kind: "gateway", payload: destination };
  const disabled = announcementOf("destination.disabled", { event: facts, destination });
  const sent = deliverable(withBody('{"env":"prod","n":90071992547409931234,"type":"theirs"}'));

  it.each([
    ["a sender's event", sent, "{{ env }} {{ type }} {{ data.alert.key }}", "prod alert.created disk"],
    ["digits beyond 2^53", sent, "{{ n }} {{ n | json }}", "90071992547409931234 90071992547409931234"],
    ["a destination that was turned off", disabled, "{{ name }}: {{ disabled_reason }}", "Pager: gone"],
    ["what is told of it", disabled, "{{ data.event.id }} {{ data.destination.id }}", "evt_2 dst_1"],
    ["nothing but the payload's fields", disabled, "[{{ event }}{{ destination }}]", "[]"],
    ["a payload that is no map", deliverable(withBody("[7]")), "[{{ length }}]{{ type }}", "[]alert.created"],
    ["a payload that is no JSON", deliverable({ ...withBody("a=b"), payload: { a: "b" } }), "{{ a }}", "b"],
  ])("sees of %s the same in a payload and in group_by", async (_, event, text, expected) => {
    expect(await inPayload(text, event)).toBe(expected);
    expect(inGroupBy(text, event)).toBe(expected);
  });

  it("of what cannot be read is told so, and groups by the integration", async () => {
    const broken = deliverable(withBody("{broken"));
    expect(await inPayload("{{ a }}", broken)).toBe("The event's payload is not valid JSON.");
    expect(inGroupBy("{{ a }}", broken)).toBe("int_1");
  });
});
