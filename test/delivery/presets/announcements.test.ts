import { describe, expect, it } from "vitest";
import { renderBody } from "../../../src/delivery/request/body.ts";
import { PRESET_NAMES } from "../../../src/delivery/presets/registry.ts";
import { wordingOf } from "../../../src/delivery/presets/notification-system.ts";
import type { Deliverable } from "../../../src/model/envelope.ts";
import { GATEWAY_EVENT_TYPES, type GatewayEventType } from "../../../src/model/event.ts";
import { aboutDestination, aboutIntegration } from "../../../src/system-events/subjects.ts";
import { SYSTEM_TITLES } from "../../../src/model/system-titles.ts";
import { systemEvent } from "../../../src/system-events/system-event.ts";
import { createWorld } from "../../support/world.ts";
import { ALERT, announcementOf, render, sentBy } from "./events.ts";

const GROUP = {
  integration_id: "int_1",
  group: "disk-1",
  alert: null,
  occurrences: 12,
  timestamp: ["2026-11-20T10:00:00.000Z", "2026-11-20T10:05:00.000Z"],
  event_ids: ["evt_a", "evt_b"],
  attributes: { host: [["web-1", 12]] },
};
const DESTINATION = {
  id: "dst_1",
  name: "Pager",
  type: "webhook",
  url: "https://x.example.com/",
  disabled_reason: "gone",
};
const DISABLED = {
  event: {
    id: "evt_1",
    integration_id: null,
    received_at: "2026-11-20T10:00:00.000Z",
    kind: "gateway",
    payload: DESTINATION,
  },
  destination: DESTINATION,
};

describe("a group", () => {
  it("says how many events of what there were, and when", async () => {
    const [attachment] = (await render("slack", announcementOf("event.group", GROUP, "int_1"))).body.attachments;
    expect(attachment.fallback).toBe("[Events] 12 × disk-1");
    const fields = attachment.blocks[0].fields.map((field: { text: string }) => field.text);
    expect(fields).toContain("Events: 12");
    expect(fields).toContain("Last: 2026-11-20T10:05:00.000Z");
  });

  it("belongs to the incident of its alert and does what the alert came to", async () => {
    const of = async (alert: typeof ALERT) =>
      (await render("pagerduty", announcementOf("event.group", { ...GROUP, alert }, "int_1"))).body;
    expect(await of(ALERT)).toMatchObject({ event_action: "trigger", dedup_key: "int_1:disk-1" });
    expect(await of({ ...ALERT, status: "resolved" })).toMatchObject({
      event_action: "resolve",
      dedup_key: "int_1:disk-1",
    });
    const none = (await render("pagerduty", announcementOf("event.group", GROUP, "int_1"))).body;
    expect(none).toMatchObject({ event_action: "trigger", dedup_key: "int_1:group:disk-1" });
  });

  it("has its own fields at the top of Zapier's shape and of a template's scope", async () => {
    const { body } = await render("zapier", announcementOf("event.group", GROUP, "int_1"));
    expect(body).toMatchObject({ type: "event.group", occurrences: 12, group: "disk-1", event_ids: "evt_a,evt_b" });
    expect(body["timestamp"]).toBe("2026-11-20T10:00:00.000Z");
    const template = {
      mode: "template",
      content_type: "text/plain",
      body: "{{ occurrences }} {{ timestamp }}",
    } as const;
    const rendered = await renderBody(template, {}, "", announcementOf("event.group", GROUP, "int_1"));
    expect(rendered.ok && new TextDecoder().decode(rendered.value.bytes)).toBe("12 2026-11-20T10:00:00.000Z");
  });
});

describe("a destination that was disabled", () => {
  it("is named with the reason", async () => {
    const [embed] = (await render("discord", announcementOf("destination.disabled", DISABLED))).body.embeds;
    expect(embed.title).toBe(String.raw`\[Destination disabled\] Pager`);
    expect(embed.fields).toContainEqual({ name: "Reason", value: "gone", inline: true });
  });

  it("comes from the gateway, which is no integration", async () => {
    const event = announcementOf("destination.disabled", DISABLED);
    expect((await render("pagerduty", event)).body.payload).toMatchObject({ source: "hookgate", severity: "warning" });
    expect((await render("cloudevents", event)).body.source).toBe("/hookgate/hookgate");
    expect((await render("zapier", event)).body).toMatchObject({ name: "Pager", event__kind: "gateway" });
  });
});

/** A system event as the gateway makes it. */
function systemEventOf(type: GatewayEventType): Deliverable {
  const world = createWorld();
  const subject = type.startsWith("integration.")
    ? aboutIntegration({ id: "int_7", name: "Night watch" })
    : aboutDestination({ ...DESTINATION, id: "dst_7" });
  const facts = { subject, since_ms: Date.parse("2026-11-20T10:00:00.000Z"), count: 3, reason: "It failed." };
  const { id, received_at, integration_id, content } = systemEvent(world.context, type, facts);
  return { id, received_at, integration_id, content, type, alert: null };
}

const CHATS = ["slack", "discord", "teams", "google-chat", "telegram"] as const;

describe.each(GATEWAY_EVENT_TYPES)("the system event %s", (type) => {
  const name = type.startsWith("integration.") ? "Night watch" : "Pager";

  it.each(CHATS)("says in %s what happened to what, since when, how often and why", async (preset) => {
    const options = preset === "telegram" ? { chat_id: "1" } : {};
    const { text } = await render(preset, systemEventOf(type), options);
    expect(text).toContain(SYSTEM_TITLES[type]);
    expect(text).toContain(name);
    expect(text).toContain(wordingOf(type).description.slice(0, 20));
    for (const fact of ["It failed", "3", "2026-11-20T10:00:00"]) expect(text).toContain(fact);
  });

  it("opens or resolves an incident", async () => {
    const { step } = wordingOf(type);
    const event = systemEventOf(type);
    const trigger = (await render("pagerduty", event, { routing_key: "0123456789abcdef" })).body;
    expect(trigger["event_action"]).toBe(step === "open" ? "trigger" : "resolve");
    expect(trigger["dedup_key"]).toMatch(/^hookgate:[a-z_]+:(?:int|dst)_7$/);
    const closed = await render("opsgenie", event);
    expect(closed.url?.includes("/close") ?? false).toBe(step === "resolve");
    expect((await render("pagertree", event)).body["event_type"]).toBe(step === "open" ? "create" : "resolve");
  });
});

it("what recovers resolves the incident of what failed", async () => {
  const keyOf = async (type: GatewayEventType) =>
    (await render("pagerduty", systemEventOf(type), { routing_key: "0123456789abcdef" })).body["dedup_key"];
  expect(await keyOf("destination.recovered")).toBe(await keyOf("destination.failing"));
  expect(await keyOf("integration.heard")).toBe(await keyOf("integration.silent"));
  expect(await keyOf("delivery.dead")).not.toBe(await keyOf("destination.failing"));
});

it.each(PRESET_NAMES)("is taken by every preset, with any data (%s)", async (preset) => {
  for (const type of ["event.group", ...GATEWAY_EVENT_TYPES] as const) {
    for (const data of [
      GROUP,
      DISABLED,
      { ...GROUP, alert: ALERT },
      { alert: { id: 1 }, timestamp: 1, group: {} },
      {},
      null,
    ]) {
      expect(await sentBy(preset, announcementOf(type, data))).toBeTypeOf("object");
    }
  }
});
