import { AUTOMATION_FIELDS } from "./automation-fields.ts";
import type { PresetData } from "../data/preset-data.ts";
import { onHost, tokenOption } from "./parts.ts";

/** https://help.make.com/webhooks */
export const make: PresetData = {
  title: "Make",
  category: "automation",
  summary: "Starts a scenario with each message.",
  source: "https://help.make.com/webhooks",
  steps: [
    "In the scenario, add the module *Webhooks > Custom webhook*, select *Add*, and copy its address.",
    "Choose the destination in the gateway and select *Test*, so that Make learns the fields.",
  ],
  address: onHost(["hook.make.com", "hook.*.make.com", "hook.*.make.celonis.com"], "https://hook.eu1.make.com/…"),
  options: {
    api_key: tokenOption("an API key of the webhook, if it has one", "0123456789abcdef", { is_secret: true }),
  },
  headers: { "x-make-apikey": "{options.api_key}" },
  requests: { any: { body: AUTOMATION_FIELDS } },
};
