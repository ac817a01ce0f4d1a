import { type PresetData, text, time } from "../data/preset-data.ts";
import { REQUIRED, onHost, tokenOption } from "./parts.ts";

/** An attribute has at most 4 KB. */
const MAX_TEXT = 4_095;

/** https://docs.newrelic.com/docs/data-apis/ingest-apis/event-api/introduction-event-api/ */
export const newRelicEvents: PresetData = {
  title: "New Relic events",
  category: "observability",
  summary: "Records a custom event of the type HookgateEvent.",
  source: "https://docs.newrelic.com/docs/data-apis/ingest-apis/event-api/introduction-event-api/",
  steps: [
    "In New Relic, open the user menu and *API keys*, and create a key of the type *Ingest - License*.",
    "For an account in the EU, the `url` is `https://insights-collector.eu01.nr-data.net`.",
  ],
  address: onHost(
    ["insights-collector.newrelic.com", "insights-collector.eu01.nr-data.net"],
    "https://insights-collector.newrelic.com",
  ),
  options: {
    account_id: {
      must_be: "the number of an account",
      matches: /^\d{1,12}$/,
      hint: "the account's id",
      example: "1234567",
      ...REQUIRED,
    },
    license_key: tokenOption("a license key", "0123456789abcdef0123456789abcdef01234567"),
  },
  headers: { "api-key": "{options.license_key}" },
  requests: {
    any: {
      path: "/v1/accounts/{options.account_id}/events",
      body: [
        {
          eventType: "HookgateEvent",
          timestamp: time("milliseconds"),
          title: text("{title}", MAX_TEXT, { unit: "bytes" }),
          description: text("{description}", MAX_TEXT, { unit: "bytes" }),
          facts: text("{facts}", MAX_TEXT, { unit: "bytes" }),
          tags: text("{tags}", MAX_TEXT, { unit: "bytes" }),
          link: text("{link}", MAX_TEXT),
          messageType: text("{type}", 100),
          step: text("{step}", 20),
          urgency: text("{urgency}", 20),
          dedupKey: text("{dedup_key}", MAX_TEXT, { unit: "bytes" }),
          source: text("{source}", 200),
          eventId: text("{event_id}", 100),
        },
      ],
    },
  },
};
