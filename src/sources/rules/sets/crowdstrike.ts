import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

/** https://github.com/CrowdStrike/falcon-integration-gateway */
export const crowdstrike: RuleSet = {
  name: "crowdstrike",
  title: "CrowdStrike Falcon",
  category: "security",
  vendor_url: "https://github.com/CrowdStrike/falcon-integration-gateway",
  docs: "docs/sources/crowdstrike.md",
  options: {
    rules: [
      {
        match: { "log.data.metadata.eventType": { $in: ["EppDetectionSummaryEvent", "DetectionSummaryEvent"] } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.event.CompositeId | default: log.data.event.DetectId }}",
            title:
              "{{ log.data.event.Name | default: log.data.event.DetectName | default: 'A detection' }} on {{ log.data.event.Hostname | default: log.data.event.ComputerName | default: 'a host' }}",
            description: "{{ log.data.event.Description | default: log.data.event.DetectDescription }}",
            urgency: urgencyFrom("log.data.event.SeverityName"),
            tags: ["{{ log.data.event.Tactic }}", "{{ log.data.event.Technique }}"],
            additional_data: [
              { format: "link", label: "Falcon", value: "{{ log.data.event.FalconHostLink }}" },
              { format: "text", label: "User", value: "{{ log.data.event.UserName }}" },
              { format: "text", label: "File", value: "{{ log.data.event.FileName }}" },
              { format: "text", label: "Command", value: "{{ log.data.event.CommandLine }}" },
            ],
          },
        ],
      },
      {
        match: {
          "log.data.metadata.eventType": { $exists: true },
          "log.data.metadata.customerIDString": { $exists: true },
        },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is no event of Falcon's event stream." }] },
  },
};
