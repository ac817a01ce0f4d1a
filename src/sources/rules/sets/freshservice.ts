import type { RuleSet } from "./rule-set.ts";

const TICKET = "log.data.freshdesk_webhook";
const KEY = `{{ ${TICKET}.ticket_id }}`;
const URGENCY = [
  `{% assign priority = ${TICKET}.ticket_priority | downcase %}{% case priority %}`,
  '{% when "urgent", "4" %}critical{% when "high", "3" %}high{% when "medium", "2" %}medium{% when "low", "1" %}low{% endcase %}',
].join("");

/** https://api.freshservice.com/#ticket_attributes */
export const freshservice: RuleSet = {
  name: "freshservice",
  title: "Freshservice",
  category: "support",
  vendor_url: "https://api.freshservice.com/#ticket_attributes",
  docs: "docs/sources/freshservice.md",
  recognized_by: { "log.data.freshdesk_webhook.ticket_url": { $regex: "^https?://[^/]*freshservice\\.com/" } },
  options: {
    rules: [
      {
        match: { "log.data.freshdesk_webhook.ticket_status": { $in: ["Resolved", "Closed", "4", "5", 4, 5] } },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.freshdesk_webhook.ticket_status": { $in: ["Open", "Pending", "2", "3", 2, 3] } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `{{ ${TICKET}.ticket_id | default: "Ticket" }}: {{ ${TICKET}.ticket_subject }}`,
            description: `{{ ${TICKET}.ticket_description | strip_html | strip }}`,
            urgency: URGENCY,
            tags: `{{ ${TICKET}.ticket_tags }}`,
            additional_data: [
              { format: "link", label: "Ticket", value: `{{ ${TICKET}.ticket_url }}` },
              { format: "text", label: "Requester", value: `{{ ${TICKET}.ticket_requester_name }}` },
              { format: "email", label: "E-mail", value: `{{ ${TICKET}.ticket_requester_email }}` },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The ticket's status neither opens nor closes an alert." }] },
  },
};
