import { type PresetData, type Tree, jsonText, text, time } from "../data/preset-data.ts";
import { onOwnHost } from "./parts.ts";

const LINE: Tree = {
  title: text("{title}", 1_000),
  description: text("{description}", 30_000),
  facts: text("{facts}", 8_000),
  tags: text("{tags}", 1_000),
  link: text("{link}", 2_000),
  key: text("{dedup_key}", 255),
  step: text("{step}", 20),
  source: text("{source}", 200),
  event_id: text("{event_id}", 100),
};

/** https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs */
export const loki: PresetData = {
  title: "Loki",
  category: "observability",
  summary: "Pushes a log line.",
  source: "https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs",
  steps: [
    "In Grafana Cloud, open the stack and *Loki > Details*: the URL and the user are there. Create a token with the scope `logs:write`.",
    "Use the user as the username of `auth`, and the token as the password. Your own Loki may need no `auth`.",
  ],
  address: onOwnHost("https://logs-prod-012.grafana.net"),
  options: {},
  requests: {
    any: {
      path: "/loki/api/v1/push",
      body: {
        streams: [
          {
            // Few labels: each combination of their values is a stream.
            stream: { service_name: "hookgate", type: text("{type}", 100), urgency: text("{urgency}", 20) },
            values: [[time("nanoseconds"), jsonText(LINE)]],
          },
        ],
      },
    },
  },
};
