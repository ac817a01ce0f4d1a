import type { RuleSet } from "./rule-set.ts";

/** https://shopify.dev/docs/api/webhooks */
export const shopify: RuleSet = {
  name: "shopify",
  title: "Shopify",
  category: "commerce",
  vendor_url: "https://shopify.dev/docs/api/webhooks",
  docs: "docs/sources/shopify.md",
  options: {
    rules: [
      {
        match: {
          "log.data.type": { $in: ["chargeback", "inquiry"] },
          "log.data.evidence_due_by": { $exists: true },
          "log.data.status": { $in: ["won", "lost", "accepted", "charge_refunded"] },
        },
        actions: [{ type: "resolve", thirdparty_id: "dispute:{{ log.data.id }}" }],
      },
      {
        match: {
          "log.data.type": { $in: ["chargeback", "inquiry"] },
          "log.data.evidence_due_by": { $exists: true },
          "log.data.id": { $exists: true },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: "dispute:{{ log.data.id }}",
            title:
              "Dispute over {{ log.data.amount }} {{ log.data.currency }} of order {{ log.data.order_id | default: 'unknown' }} ({{ log.data.reason | default: 'no reason' }})",
            description: "Evidence is due by {{ log.data.evidence_due_by }}",
            urgency: '{% case log.data.type %}{% when "chargeback" %}high{% when "inquiry" %}medium{% endcase %}',
            tags: ["{{ log.data.type }}"],
            additional_data: [
              { format: "datetime", label: "Evidence due by", value: "{{ log.data.evidence_due_by }}" },
              { format: "text", label: "Status", value: "{{ log.data.status }}" },
            ],
          },
        ],
      },
      {
        match: {
          $or: [
            { "log.headers.x-shopify-topic": { $exists: true } },
            { "log.data.admin_graphql_api_id": { $exists: true } },
          ],
        },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is no webhook of Shopify." }] },
  },
};
