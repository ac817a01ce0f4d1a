import type { Json } from "../../model/json.ts";
import { type Preset, json } from "./preset.ts";
import type { Step, Story } from "./message.ts";
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
} as const satisfies Record<Step, string>;

function scalarOf(value: Json): Json {
  if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
  return fit(clean(typeof value === "string" ? value : JSON.stringify(value)), MAX_META_CHARACTERS);
}

function metaOf({ alert, event_id, source }: Story): Readonly<Record<string, Json>> {
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

/** The fields of PagerTree's incoming webhook, which an integration of type `pagertree` takes as well. */
export const pagertree: Preset = {
  options: {},
  render(story) {
    const tags = (story.alert?.tags ?? []).map((tag) => fit(oneLine(tag), MAX_TAG)).filter((tag) => tag !== "");
    return json({
      event_type: EVENT_TYPES[story.step],
      Id: story.dedup_key,
      Title: fit(story.title, MAX_TITLE),
      Description: fit(story.description, MAX_DESCRIPTION),
      ...(story.urgency === null ? {} : { Urgency: story.urgency }),
      Tags: tags.slice(0, MAX_TAGS),
      Meta: metaOf(story),
    });
  },
};
