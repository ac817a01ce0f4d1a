import type { Json } from "../../model/json.ts";
import { type Preset, json } from "./preset.ts";
import type { IncidentStep, NotificationContent } from "./notification-content.ts";
import { clean, fit, oneLine } from "./text.ts";

const MAX_TITLE = 1_000;
const MAX_DESCRIPTION = 20_000;
const MAX_TAG = 100;
const MAX_TAGS = 50;
const MAX_META = 50;
const MAX_META_CHARACTERS = 1_000;

const EVENT_TYPES = {
  open: "create",
  acknowledge: "acknowledge",
  resolve: "resolve",
} as const satisfies Record<IncidentStep, string>;

function scalarOf(value: Json): Json {
  if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
  return fit(clean(typeof value === "string" ? value : JSON.stringify(value)), MAX_META_CHARACTERS);
}

function metaOf({ alert, event_id, source }: NotificationContent): Readonly<Record<string, Json>> {
  const entries = Object.entries(alert?.meta ?? {}).slice(0, MAX_META);
  const incident = alert?.incident ?? null;
  return {
    ...Object.fromEntries(entries.map(([name, value]) => [fit(oneLine(name), MAX_TAG), scalarOf(value)])),
    hookgate_event_id: event_id,
    hookgate_source: source,
    ...(incident === null
      ? {}
      : {
          incident: true,
          incident_severity: incident.severity,
          incident_message: fit(clean(incident.message), MAX_META_CHARACTERS),
        }),
  };
}

/** The fields of PagerTree's incoming webhook. An integration of type `pagertree` takes them too. */
export const pagertree: Preset = {
  title: "PagerTree",
  category: "incidents",
  summary: "Creates, acknowledges and resolves alerts.",
  options: {},
  render(content) {
    const tags = (content.alert?.tags ?? []).map((tag) => fit(oneLine(tag), MAX_TAG)).filter((tag) => tag !== "");
    return json({
      event_type: EVENT_TYPES[content.step],
      Id: content.dedup_key,
      Title: fit(content.title, MAX_TITLE),
      Description: fit(content.description, MAX_DESCRIPTION),
      ...(content.urgency === null ? {} : { Urgency: content.urgency }),
      Tags: tags.slice(0, MAX_TAGS),
      Meta: metaOf(content),
    });
  },
};
