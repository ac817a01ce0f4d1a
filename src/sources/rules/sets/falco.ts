import type { RuleSet } from "./rule-set.ts";

// Syslog's priorities.
const URGENCY = [
  "{% assign priority = log.data.priority | downcase %}{% case priority %}",
  '{% when "emergency", "alert", "critical" %}critical{% when "error" %}high{% when "warning" %}medium',
  '{% when "notice", "informational", "info", "debug" %}low{% endcase %}',
].join("");

/** https://falco.org/docs/concepts/outputs/channels/ */
export const falco: RuleSet = {
  name: "falco",
  title: "Falco",
  category: "security",
  vendor_url: "https://falco.org/docs/concepts/outputs/channels/",
  docs: "docs/sources/falco.md",
  options: {
    rules: [
      {
        match: {
          "log.data.rule": { $exists: true },
          "log.data.priority": { $exists: true },
          "log.data.output_fields": { $exists: true },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: '{{ log.data.hostname }}:{{ log.data.rule }}:{{ log.data.output_fields["container.id"] }}',
            title:
              '{{ log.data.rule | default: "A rule matched" }}{% if log.data.output_fields["container.name"] %} in {{ log.data.output_fields["container.name"] }}{% endif %} on {{ log.data.hostname | default: "a host" }}',
            description: "{{ log.data.output }}",
            urgency: URGENCY,
            tags: '{{ log.data.tags | join: "," }}',
            additional_data: [
              { format: "text", label: "Process", value: '{{ log.data.output_fields["proc.name"] }}' },
              { format: "text", label: "User", value: '{{ log.data.output_fields["user.name"] }}' },
              { format: "text", label: "Source", value: "{{ log.data.source }}" },
              { format: "datetime", label: "At", value: "{{ log.data.time }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no rule, priority and output_fields." }] },
  },
};
