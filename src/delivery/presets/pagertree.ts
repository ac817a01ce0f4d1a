import type { Json } from "../../model/json.ts";
import { type Preset, json } from "./preset.ts";
import type { Step, Story } from "./message.ts";
import { clean, fit, oneLine } from "./text.ts";

const LONGEST_TITLE = 1_000;
const LONGEST_DESCRIPTION = 20_000;
const LONGEST_TAG = 100;
const MOST_TAGS = 50;
const MOST_META = 50;
const LONGEST_META = 1_000;

const EVENT_TYPES = {
  open: "create",
  acknowledge: "acknowledge",
  resolve: "resolve",
} as const satisfies Record<Step, string>;

function scalarOf(value: Json): Json {
  if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
  return fit(clean(typeof value === "string" ? value : JSON.stringify(value)), LONGEST_META);
}

function metaOf({ alert, event_id, source }: Story): Readonly<Record<string, Json>> {
  const entries = Object.entries(alert?.meta ?? {}).slice(0, MOST_META);
  const incident = alert?.incident ?? null;
  return {
    ...Object.fromEntries(entries.map(([name, value]) => [fit(oneLine(name), LONGEST_TAG), scalarOf(value)])),
    hookgate_event_id: event_id,
    hookgate_source: source,
    ...(incident === null
      ? {}
      : {
          incident: true,
          incident_severity: incident.severity,
          incident_message: fit(clean(incident.message), LONGEST_META),
        }),
  };
}

/** The fields of PagerTree's incoming webhook, which an integration of type `pagertree` takes as well. */
export const pagertree: Preset = {
  options: {},
  render(story) {
    const tags = (story.alert?.tags ?? []).map((tag) => fit(oneLine(tag), LONGEST_TAG)).filter((tag) => tag !== "");
    return json({
      event_type: EVENT_TYPES[story.step],
      Id: story.dedup_key,
      Title: fit(story.title, LONGEST_TITLE),
      Description: fit(story.description, LONGEST_DESCRIPTION),
      ...(story.urgency === null ? {} : { Urgency: story.urgency }),
      Tags: tags.slice(0, MOST_TAGS),
      Meta: metaOf(story),
    });
  },
};
