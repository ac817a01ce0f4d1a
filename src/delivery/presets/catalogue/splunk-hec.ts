import { type PresetData, ENVELOPE, option, text, time } from "../data/preset-data.ts";
import { onOwnHost, tokenOption } from "./parts.ts";

/** https://help.splunk.com/en/splunk-enterprise/get-started/get-data-in/10.0/get-data-with-http-event-collector/format-events-for-http-event-collector */
export const splunkHec: PresetData = {
  title: "Splunk HEC",
  category: "observability",
  summary: "Sends the whole event to the HTTP Event Collector.",
  source:
    "https://help.splunk.com/en/splunk-enterprise/get-started/get-data-in/10.0/get-data-with-http-event-collector/format-events-for-http-event-collector",
  steps: [
    "In Splunk, open *Settings > Data inputs > HTTP Event Collector* and select *New Token*.",
    "Without indexer acknowledgement, no other setting is needed.",
    "The `url` is that of the collector, such as `https://http-inputs-example.splunkcloud.com`.",
  ],
  address: onOwnHost("https://http-inputs-example.splunkcloud.com"),
  options: {
    token: tokenOption("the token", "B5A79AAD-D822-46CC-80D1-819F80D7BFB0"),
    index: {
      must_be: "the name of an index in lower case",
      matches: /^[a-z0-9][a-z0-9_-]{0,79}$/,
      hint: "the index. Without it, the token decides",
      example: "alerts",
    },
  },
  headers: { authorization: "Splunk {options.token}" },
  requests: {
    any: {
      path: "/services/collector/event",
      body: {
        time: time("seconds"),
        source: text("hookgate:{source}", 200),
        sourcetype: "hookgate:event",
        index: option("index"),
        event: ENVELOPE,
      },
    },
  },
};
