import { type PresetData, byUrgency, each, text } from "../data/preset-data.ts";
import { onOwnHost, tokenOption, REQUIRED } from "./parts.ts";

/** https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-index */
export const elastic: PresetData = {
  title: "Elasticsearch",
  category: "observability",
  summary: "Indexes a document in the Elastic Common Schema.",
  source: "https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-index",
  steps: [
    "In Kibana, open *Stack Management > API keys* and create a key with the privilege `index` for the index.",
    "Copy the key in the format *Encoded*. Instead of a key, `auth` can be `basic`.",
    "The index must not be a data stream.",
  ],
  address: onOwnHost("https://example.es.us-east-1.aws.elastic.cloud"),
  options: {
    index: {
      must_be: "the name of an index in lower case",
      matches: /^[a-z0-9][a-z0-9_.-]{0,200}$/,
      hint: "the index",
      example: "hookgate",
      ...REQUIRED,
    },
    api_key: tokenOption("an encoded API key", "VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6dWkybHAyYXhUTm1zeWFrdzl0dk5udw==", {
      is_secret: true,
    }),
  },
  headers: { authorization: "ApiKey {options.api_key}" },
  requests: {
    any: {
      // The delivery's id is that of the document, so that a repeated request writes the same one.
      method: "PUT",
      path: "/{options.index}/_doc/{delivery_id}",
      body: {
        "@timestamp": text("{timestamp}", 40),
        message: text("[{headline}] {title}", 1_100),
        event: {
          kind: "alert",
          action: text("{type}", 100),
          id: text("{event_id}", 100),
          severity: byUrgency({ critical: 4, high: 3, medium: 2, low: 1, none: 0 }),
          url: text("{link}", 2_000),
          reason: text("{description}", 30_000, { unit: "bytes" }),
        },
        tags: each("tags", 50, text("{tag}", 1_000)),
        labels: {
          key: text("{dedup_key}", 255),
          source: text("{source}", 200),
          urgency: text("{urgency}", 20),
          step: text("{step}", 20),
        },
      },
    },
  },
};
