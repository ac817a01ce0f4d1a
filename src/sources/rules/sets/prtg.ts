import type { RuleSet } from "./rule-set.ts";

const URGENCY = [
  "{% assign status = log.data.status | downcase %}",
  '{% if status contains "now: warning" %}medium{% elsif status contains "now: unusual" %}low',
  '{% elsif status contains "down" %}high{% elsif status contains "warning" %}medium',
  '{% elsif status contains "unusual" %}low{% endif %}',
].join("");

/**
 * The form of the docs page. `%status` is "Down", "Down (Acknowledged)", "Down ended (now: Up)" and the like.
 * https://www.paessler.com/manuals/prtg/notification_templates_settings
 */
export const prtg: RuleSet = {
  name: "prtg",
  title: "PRTG",
  category: "monitoring",
  vendor_url: "https://www.paessler.com/manuals/prtg/notification_templates_settings",
  docs: "docs/sources/prtg.md",
  options: {
    rules: [
      {
        match: { "log.data.status": { $regex: "now: up|^up$", $options: "i" } },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.sensorid }}" }],
      },
      {
        match: { "log.data.status": { $regex: "acknowledged", $options: "i" } },
        actions: [{ type: "acknowledge", thirdparty_id: "{{ log.data.sensorid }}" }],
      },
      {
        match: { "log.data.status": { $regex: "now: (paused|unknown|none)", $options: "i" } },
        actions: [{ type: "ignore", reason: "The sensor is paused, or its state is not known." }],
      },
      {
        match: { "log.data.status": { $regex: "down|warning|unusual", $options: "i" } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.sensorid }}",
            title:
              "{% if log.data.device %}{{ log.data.device }}: {% endif %}{{ log.data.sensor | default: log.data.name | default: 'A sensor' }} is {{ log.data.status | downcase }}",
            description: "{{ log.data.message }}",
            urgency: URGENCY,
            tags: '{{ log.data.tags | split: " " | join: "," }}',
            additional_data: [
              { format: "link", label: "Sensor", value: "{{ log.data.linksensor }}" },
              { format: "text", label: "Group", value: "{{ log.data.group }}" },
              { format: "text", label: "Probe", value: "{{ log.data.probe }}" },
              { format: "text", label: "Priority", value: "{{ log.data.priority }}" },
              { format: "text", label: "Since", value: "{{ log.data.since }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "status is not one that opens or closes an alert." }] },
  },
};
