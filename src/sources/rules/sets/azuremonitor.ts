import type { RuleSet } from "./rule-set.ts";

const URGENCY = [
  '{% case log.data.data.essentials.severity %}{% when "Sev0" %}critical{% when "Sev1" %}high{% when "Sev2" %}medium',
  '{% when "Sev3", "Sev4" %}low{% endcase %}',
].join("");

const HEALTH = ["Resource Health", "ResourceHealth", "ServiceHealth", "Service Health"];
const ENDED = ["Resolved", "Complete", "RCA"];

// An alert about health has another id each time that the health changes.
const KEY = [
  '{% case log.data.data.essentials.monitoringService %}{% when "Resource Health", "ResourceHealth" %}',
  'resource-health:{{ log.data.data.essentials.alertRule }}:{{ log.data.data.essentials.alertTargetIDs | join: "," }}',
  '{% when "ServiceHealth", "Service Health" %}',
  "service-health:{{ log.data.data.alertContext.properties.trackingId | default: log.data.data.essentials.alertId }}",
  "{% else %}{{ log.data.data.essentials.alertId }}{% endcase %}",
].join("");

const SAMPLE = "11111111-1111-1111-1111-111111111111";

/** The common alert schema: https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema */
export const azuremonitor: RuleSet = {
  name: "azuremonitor",
  title: "Azure Monitor",
  category: "cloud",
  vendor_url: "https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups",
  docs: "docs/sources/azuremonitor.md",
  options: {
    rules: [
      {
        // The samples are of one subscription, in both schemas:
        // https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-non-common-schema-definitions
        match: {
          $or: [
            { "log.data.data.essentials.alertId": { $regex: `^/subscriptions/${SAMPLE}/` } },
            { "log.data.data.essentials.alertRule": { $regex: "^test-[a-z]+AlertRule", $options: "i" } },
            { "log.data.data.context.subscriptionId": SAMPLE },
            { "log.data.data.context.activityLog.subscriptionId": SAMPLE },
            { "log.data.data.SubscriptionId": SAMPLE },
          ],
        },
        actions: [{ type: "test", reason: "The test of an action group." }],
      },
      {
        match: { "log.data.schemaId": { $ne: "azureMonitorCommonAlertSchema" } },
        actions: [{ type: "ignore", reason: "The common alert schema is not enabled for this webhook." }],
      },
      {
        // A recovery of a resource or a service is an alert of its own, fired with another id.
        match: {
          "log.data.data.essentials.monitoringService": { $in: HEALTH },
          $or: [
            { "log.data.data.alertContext.status": { $in: ENDED } },
            { "log.data.data.alertContext.properties.currentHealthStatus": "Available" },
            { "log.data.data.alertContext.properties.stage": { $in: ENDED } },
          ],
        },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.data.essentials.monitorCondition": "Fired" },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: "{{ log.data.data.essentials.alertRule | default: 'Alert of Azure Monitor' }}",
            description: "{{ log.data.data.essentials.description }}",
            urgency: URGENCY,
            tags: '{{ log.data.data.essentials.configurationItems | join: "," }}',
            additional_data: [
              { format: "link", label: "Investigate", value: "{{ log.data.data.essentials.investigationLink }}" },
              {
                format: "link",
                label: "Resource",
                value:
                  "{% if log.data.data.essentials.alertTargetIDs[0] %}https://portal.azure.com/#resource{{ log.data.data.essentials.alertTargetIDs[0] }}{% endif %}",
              },
              { format: "text", label: "Severity", value: "{{ log.data.data.essentials.severity }}" },
              { format: "text", label: "Signal", value: "{{ log.data.data.essentials.signalType }}" },
              { format: "text", label: "Service", value: "{{ log.data.data.essentials.monitoringService }}" },
              { format: "datetime", label: "Fired at", value: "{{ log.data.data.essentials.firedDateTime }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.data.essentials.monitorCondition": "Resolved" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "monitorCondition is neither Fired nor Resolved." }] },
  },
};
