import { AUTOMATION_FIELDS } from "./automation-fields.ts";
import type { PresetData } from "../data/preset-data.ts";
import { onOwnHost } from "./parts.ts";

/** https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.webhook/ */
export const n8n: PresetData = {
  title: "n8n",
  category: "automation",
  summary: "Starts a workflow with each message.",
  source: "https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.webhook/",
  steps: [
    "In the workflow, add the node *Webhook* with the method *POST*, and copy its *Production URL*.",
    "If the node has header authentication, add the header to `headers` of the destination. With basic authentication, use `auth`.",
  ],
  address: onOwnHost("https://n8n.example.com/webhook/…"),
  options: {},

  requests: { any: { body: AUTOMATION_FIELDS } },
};
