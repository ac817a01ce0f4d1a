import * as z from "zod/mini";
import { type Skipped, writeJson } from "../../../src/delivery/presets/preset.ts";
import { PRESETS, type PresetName } from "../../../src/delivery/presets/registry.ts";
import { notificationContentOf } from "../../../src/delivery/presets/notification-content.ts";
import type { Deliverable } from "../../../src/model/envelope.ts";
import type { AlertSnapshot } from "../../../src/model/alert.ts";
import type { GatewayEventType, MessageType } from "../../../src/model/event.ts";
import type { Json } from "../../../src/model/json.ts";

export const ALERT: AlertSnapshot = {
  id: "alr_1",
  key: "disk-1",
  status: "open",
  title: "Disk full",
  description: "Only 2 % left.\nClean up.",
  urgency: "high",
  tags: ["disk", "prod"],
  meta: { host: "web-1", shard: 7 },
  incident: { severity: "SEV-2", message: "Shop is down" },
  additional_data: [
    { format: "text", label: "Mount", value: "/var" },
    { format: "link", label: "Dashboard", value: "https://grafana.example.com/d/1?a=1&b=2" },
  ],
  dedup_count: 2,
};

/** An event as a delivery gets it. The payload is text in the request, so that it keeps its digits. */
export function eventOf(
  type: MessageType,
  alert: AlertSnapshot | null = ALERT,
  payloadText = '{"MonitorId":42}',
): Deliverable {
  const request = { method: "POST", query: "", headers: {}, body: payloadText, body_encoding: "utf8" } as const;
  const signal =
    alert === null
      ? ({ action: "receive", note: null } as const)
      : ({ action: "resolve", namespace: "int_1", key: alert.key, note: null } as const);
  return {
    id: "evt_1",
    integration_id: "int_1",
    received_at: "2026-11-20T10:00:00.000Z",
    type,
    alert,
    content: { kind: "alert", request, signal },
  };
}

const anyBody = z.record(z.string(), z.any());
export type Shown = {
  readonly content_type: string;
  readonly url?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: z.output<typeof anyBody>;
};

/** A system event, which has its own data and no integration. */
export function announcementOf(type: "event.group" | GatewayEventType, data: Json, integrationId = ""): Deliverable {
  const event = eventOf(type, null, JSON.stringify(data));
  const signal = { action: "announce", type, note: null } as const;
  return { ...event, integration_id: integrationId, content: { ...event.content, kind: "gateway", signal } };
}

/** What a preset sends for an event, with the text of its body, or why it sends nothing. */
export async function sentBy(
  preset: PresetName,
  event: Deliverable,
  options: Readonly<Record<string, string>> = {},
  url = "https://tool.example.com/hook",
): Promise<Skipped | (Omit<Shown, "body"> & { readonly body: object | string })> {
  const content = await notificationContentOf(event);
  if (!content.ok) throw new Error(content.error);
  const request = PRESETS[preset].render(content.value, options, url);
  return "skipped" in request ? request : { ...request, text: writeJson(request.body) };
}

/** Renders an event by a preset that sends JSON, as it is sent. */
export async function render(...order: Parameters<typeof sentBy>): Promise<Shown> {
  const sent = await sentBy(...order);
  if ("skipped" in sent) throw new Error(sent.skipped);
  return { ...sent, body: anyBody.parse(JSON.parse(sent.text)) };
}

/** Returns every text in a value, without the keys. */
export function textsIn(value: Json): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap((item) => textsIn(item)) : [];
}
