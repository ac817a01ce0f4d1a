import type { RuleSet } from "./rule-set.ts";

const URGENCY = [
  "{% assign priority = log.data.priority | downcase %}{% case priority %}",
  '{% when "urgent" %}critical{% when "high" %}high{% when "normal" %}medium{% when "low" %}low{% endcase %}',
].join("");

/** The body of the docs page, in a trigger. https://support.zendesk.com/hc/en-us/articles/4408839108378 */
export const zendesk: RuleSet = {
  name: "zendesk",
  title: "Zendesk",
  category: "support",
  vendor_url: "https://support.zendesk.com/hc/en-us/articles/4408839108378",
  docs: "docs/sources/zendesk.md",
  options: {
    rules: [
      {
        match: {
          $or: [
            { "log.data.event_type": "resolve" },
            {
              "log.data.event_type": { $exists: false },
              "log.data.status": { $regex: "^(solved|closed)$", $options: "i" },
            },
          ],
        },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.id }}" }],
      },
      {
        match: { "log.data.event_type": "acknowledge" },
        actions: [{ type: "acknowledge", thirdparty_id: "{{ log.data.id }}" }],
      },
      {
        match: {
          $or: [
            { "log.data.event_type": "create" },
            {
              "log.data.event_type": { $exists: false },
              "log.data.status": { $regex: "^(new|open|pending|hold|on-hold)$", $options: "i" },
            },
          ],
        },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.id }}",
            title: "{{ log.data.title | default: 'Ticket of Zendesk' }}",
            description: "{{ log.data.description }}",
            urgency: URGENCY,
            tags: '{{ log.data.tags | split: " " | join: "," }}',
            additional_data: [
              {
                format: "link",
                label: "Ticket",
                // In some accounts, {{ticket.link}} has no scheme.
                value:
                  '{% if log.data.link %}{% unless log.data.link contains "://" %}https://{% endunless %}{{ log.data.link }}{% endif %}',
              },
              { format: "text", label: "Type", value: "{{ log.data.ticket_type }}" },
              { format: "text", label: "Via", value: "{{ log.data.via }}" },
              { format: "text", label: "Requester", value: "{{ log.data.requester_name }}" },
              { format: "text", label: "Assignee", value: "{{ log.data.assignee_name }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "Neither event_type nor status is one that is known." }] },
  },
};
