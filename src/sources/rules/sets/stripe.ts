import type { RuleSet } from "./rule-set.ts";

const OBJECT = "log.data.data.object";
const KEY = `{{ ${OBJECT}.id }}`;
const AMOUNT = `{{ ${OBJECT}.amount | default: ${OBJECT}.amount_due | divided_by: 100.0 }} {{ ${OBJECT}.currency | upcase }}`;
const DASHBOARD = "https://dashboard.stripe.com/{% if log.data.livemode == false %}test/{% endif %}";

/** https://docs.stripe.com/api/events/types */
export const stripe: RuleSet = {
  name: "stripe",
  title: "Stripe",
  category: "commerce",
  vendor_url: "https://docs.stripe.com/api/events/types",
  docs: "docs/sources/stripe.md",
  options: {
    rules: [
      {
        match: {
          "log.data.object": "event",
          "log.data.type": { $in: ["charge.dispute.created", "charge.dispute.funds_withdrawn"] },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `Dispute {{ ${OBJECT}.id }} over ${AMOUNT} ({{ ${OBJECT}.reason | default: "no reason" }})`,
            urgency: "high",
            additional_data: [{ format: "link", label: "Dispute", value: `${DASHBOARD}disputes/{{ ${OBJECT}.id }}` }],
          },
        ],
      },
      {
        match: { "log.data.object": "event", "log.data.type": "charge.dispute.closed" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: {
          "log.data.object": "event",
          "log.data.type": { $in: ["invoice.payment_failed", "invoice.payment_action_required"] },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `Payment of invoice {{ ${OBJECT}.number | default: ${OBJECT}.id }} failed (${AMOUNT})`,
            description: `Attempt {{ ${OBJECT}.attempt_count }}`,
            urgency: "medium",
            additional_data: [
              { format: "link", label: "Invoice", value: `${DASHBOARD}invoices/{{ ${OBJECT}.id }}` },
              { format: "email", label: "Customer", value: `{{ ${OBJECT}.customer_email }}` },
            ],
          },
        ],
      },
      {
        match: {
          "log.data.object": "event",
          "log.data.type": {
            $in: ["invoice.paid", "invoice.payment_succeeded", "invoice.voided", "invoice.marked_uncollectible"],
          },
        },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.object": "event", "log.data.type": "payout.failed" },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `Payout {{ ${OBJECT}.id }} of ${AMOUNT} failed`,
            description: `{{ ${OBJECT}.failure_message }}`,
            urgency: "high",
            additional_data: [{ format: "link", label: "Payout", value: `${DASHBOARD}payouts/{{ ${OBJECT}.id }}` }],
          },
        ],
      },
      {
        match: { "log.data.object": "event", "log.data.type": { $exists: true } },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is not an event of Stripe." }] },
  },
};
