import * as z from "zod/mini";
import type { Urgency } from "../../model/alert.ts";
import { type Preset, type PresetRequest, json } from "./preset.ts";
import type { IncidentStep, NotificationContent } from "./notification-content.ts";
import { fit, oneLine } from "./text.ts";

const MAX_MESSAGE = 130;
const MAX_DESCRIPTION = 15_000;
const MAX_TAGS = 20;
const MAX_TAG = 50;

const PRIORITIES = { critical: "P1", high: "P2", medium: "P3", low: "P4" } as const satisfies Record<Urgency, string>;

/** The part of the path for an action on an existing alert; null to create one. */
const ACTION_OF_STEP = {
  open: null,
  acknowledge: "acknowledge",
  resolve: "close",
} as const satisfies Record<IncidentStep, string | null>;

function priorityOf({ type, urgency }: NotificationContent): string {
  if (urgency !== null) return PRIORITIES[urgency];
  return type === "test" ? "P5" : "P3";
}

/** Returns the address of an action on an alert, which is below the address that creates alerts. */
function actionUrl(base: string, alias: string, action: string): string | null {
  const url = URL.parse(base);
  if (url === null) return null;
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${encodeURIComponent(alias)}/${action}`;
  url.searchParams.set("identifierType", "alias");
  return url.href;
}

function creation(content: NotificationContent): PresetRequest {
  const { alert, description, facts, link } = content;
  const tags = (alert?.tags ?? []).map((tag) => fit(oneLine(tag), MAX_TAG)).filter((tag) => tag !== "");
  const details = [
    ["event_id", content.event_id],
    ["from", content.source],
    ["type", content.type],
    ...(link === null ? [] : [["link", link.href]]),
    ...facts.map(({ label, text }) => [`fact ${label}`, text]),
  ];
  return json({
    message: fit(content.title, MAX_MESSAGE),
    alias: content.dedup_key,
    ...(description === "" ? {} : { description: fit(description, MAX_DESCRIPTION) }),
    priority: priorityOf(content),
    source: "Hookgate",
    tags: tags.slice(0, MAX_TAGS),
    details: Object.fromEntries(details),
  });
}

/** A request to the Alert API of Opsgenie or Jira Service Management that creates, acknowledges or closes an alert. */
export const opsgenie: Preset = {
  title: "Opsgenie",
  category: "incidents",
  summary: "Creates, acknowledges and closes alerts.",
  options: {
    api_key: {
      schema: () => z.string().check(z.regex(/^[\w-]{16,200}$/, "must be an API key: letters, digits and hyphens")),
      required: false,
      secret: true,
    },
  },
  render(content, options, base) {
    const key = options["api_key"];
    const credentials = key === undefined ? {} : { headers: { authorization: `GenieKey ${key}` } };
    const action = ACTION_OF_STEP[content.step];
    if (action === null) return { ...creation(content), ...credentials };
    const url = actionUrl(base, content.dedup_key, action);
    const note = fit(`${content.headline}: ${content.title}`, MAX_DESCRIPTION);
    return { ...json({ source: "Hookgate", note }), ...credentials, ...(url === null ? {} : { url }) };
  },
};
