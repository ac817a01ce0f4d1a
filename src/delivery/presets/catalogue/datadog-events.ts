import { type PresetData, DETAILS, byStep, byUrgency, each, text, time, word } from "../data/preset-data.ts";
import { SECRET, idOption, onHost } from "./parts.ts";

/** https://docs.datadoghq.com/api/latest/events/#post-an-event */
export const datadogEvents: PresetData = {
  title: "Datadog events",
  category: "observability",
  summary: "Posts an event to the event explorer.",
  source: "https://docs.datadoghq.com/api/latest/events/#post-an-event",
  steps: [
    "In Datadog, open *Organization Settings > API Keys* and create a key.",
    "The `url` is that of your site, such as `https://api.datadoghq.eu` or `https://api.us5.datadoghq.com`.",
  ],
  address: onHost(
    ["api.datadoghq.com", "api.*.datadoghq.com", "api.datadoghq.eu", "api.ddog-gov.com"],
    "https://api.datadoghq.com",
  ),
  options: { api_key: idOption("an API key", "0123456789abcdef0123456789abcdef", SECRET) },
  headers: { "dd-api-key": "{options.api_key}" },
  requests: {
    any: {
      path: "/api/v1/events",
      body: {
        title: text("[{headline}] {title}", 100),
        text: text(`${DETAILS}\n\nEvent {event_id}`, 4_000, { escape: "at" }),
        alert_type: byStep({
          open: byUrgency({ critical: "error", high: "error", medium: "warning", low: "info", none: "info" }),
          acknowledge: "info",
          resolve: "success",
        }),
        priority: "normal",
        aggregation_key: text("{dedup_key}", 100),
        date_happened: time("seconds"),
        tags: each("tags", 20, word(200)),
      },
    },
  },
};
