import { type PresetData, DETAILS, byStep, factMap, text } from "../data/preset-data.ts";
import { bearer, onHost } from "./parts.ts";

/** https://docs.rootly.com/integrations/generic-webhook-alert-source */
export const rootly: PresetData = {
  title: "Rootly",
  category: "incidents",
  summary: "Opens and resolves alerts.",
  source: "https://docs.rootly.com/integrations/generic-webhook-alert-source",
  steps: [
    "In Rootly, open *Alerts > Sources* and add a source of the type *Generic Webhook*.",
    "Map its fields: the title is `$.title`, the description `$.description`, the external URL `$.link`.",
    "For deduplication and automatic resolution use `$.dedup_key`, with the state `$.status` equal to `resolved`.",
    "Use the secret of the source as the bearer token of `auth`.",
  ],
  address: onHost(["webhooks.rootly.com"], "https://webhooks.rootly.com/webhooks/incoming/generic_webhooks"),
  auth: bearer("`bearer` with the secret of the alert source."),
  options: {},
  requests: {
    any: {
      body: {
        title: text("{title}", 500),
        description: text(DETAILS, 20_000),
        status: byStep({ open: "open", acknowledge: "acknowledged", resolve: "resolved" }),
        dedup_key: text("{dedup_key}", 255),
        link: text("{link}", 2_000),
        urgency: text("{urgency}", 20),
        event_id: text("{event_id}", 100),
        facts: factMap(100, 300),
      },
    },
  },
};
