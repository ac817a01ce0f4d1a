import type { RuleSet } from "./rule-set.ts";

const URGENCY = [
  "{% assign priority = log.data.freshdesk_webhook.ticket_priority | downcase %}{% case priority %}",
  '{% when "urgent", "4" %}critical{% when "high", "3" %}high{% when "medium", "normal", "2" %}medium',
  '{% when "low", "1" %}low{% endcase %}',
].join("");

/** The "simple" body of an automation's webhook. https://support.freshdesk.com/support/solutions/articles/132589 */
export const freshdesk: RuleSet = {
  name: "freshdesk",
  title: "Freshdesk",
  category: "support",
  vendor_url: "https://support.freshdesk.com/support/solutions/articles/132589",
  docs: "docs/sources/freshdesk.md",
  recognized_by: {
    "log.data.freshdesk_webhook.ticket_id": { $exists: true },
    "log.data.freshdesk_webhook.ticket_url": { $not: { $regex: "^https?://[^/]*freshservice\\.com/" } },
  },
  options: {
    rules: [
      {
        match: { "log.data.freshdesk_webhook.ticket_status": { $in: ["Resolved", "Closed", "4", "5", 4, 5] } },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.freshdesk_webhook.ticket_id }}" }],
      },
      {
        match: { "log.data.freshdesk_webhook.ticket_status": { $in: ["Open", "Pending", "2", "3", 2, 3] } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.freshdesk_webhook.ticket_id }}",
            title: "{{ log.data.freshdesk_webhook.ticket_subject | default: 'Ticket of Freshdesk' }}",
            description: "{{ log.data.freshdesk_webhook.ticket_description | strip_html | strip }}",
            urgency: URGENCY,
            tags: "{{ log.data.freshdesk_webhook.ticket_tags }}",
            additional_data: [
              { format: "link", label: "Ticket", value: "{{ log.data.freshdesk_webhook.ticket_url }}" },
              { format: "text", label: "Requester", value: "{{ log.data.freshdesk_webhook.ticket_requester_name }}" },
              { format: "email", label: "E-mail", value: "{{ log.data.freshdesk_webhook.ticket_requester_email }}" },
              { format: "phone", label: "Phone", value: "{{ log.data.freshdesk_webhook.ticket_requester_phone }}" },
              { format: "text", label: "Company", value: "{{ log.data.freshdesk_webhook.ticket_company_name }}" },
              { format: "text", label: "Source", value: "{{ log.data.freshdesk_webhook.ticket_source }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The ticket's status neither opens nor closes an alert." }] },
  },
};
