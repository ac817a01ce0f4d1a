import type { Captured } from "../../../model/captured.ts";
import type { NotificationContent } from "../notification-content.ts";
import { DELIVERY_ID } from "../../request/rendered-body.ts";
import type { PresetValues } from "../preset.ts";
import { oneLine } from "../text.ts";
import type { Moment } from "./preset-data.ts";

/** The values by the names that patterns use. */
export type Values = Readonly<Record<string, string>>;

/** Returns what happens to the alert of a message, or as if it had one. */
export function momentOf({ type, step }: NotificationContent): Moment {
  if (type === "alert.updated" || type === "alert.repeated") return "updated";
  switch (step) {
    case "open":
      return "created";
    case "acknowledge":
      return "acknowledged";
    case "resolve":
      return "resolved";
  }
}

/** Returns the values of a message, of the preset's options, and what was captured for the alert. */
export function valuesOf(content: NotificationContent, options: PresetValues, captured: Captured): Values {
  const { alert, link, facts, urgency, step, type } = content;
  const tags = (alert?.tags ?? []).map(oneLine).filter((tag) => tag !== "");
  return {
    headline: content.headline,
    title: content.title,
    description: content.description,
    facts: facts.map(({ label, text }) => `${label}: ${text}`).join("\n"),
    link: link?.href ?? "",
    link_host: link?.host ?? "",
    tags: tags.join(", "),
    key: oneLine(alert?.key ?? ""),
    urgency: urgency ?? "none",
    dedup_key: content.dedup_key,
    event_id: content.event_id,
    delivery_id: DELIVERY_ID,
    source: content.source,
    timestamp: content.timestamp,
    step,
    type,
    ...Object.fromEntries(Object.entries(options).map(([name, value]) => [`options.${name}`, value])),
    ...Object.fromEntries(Object.entries(captured).map(([name, value]) => [`captured.${name}`, value])),
  };
}
