import type { RuleSet } from "./rule-set.ts";

const DETAIL = "log.data.Message.detail";
const KEY = `{{ ${DETAIL}.eventArn }}`;
const URGENCY = [
  `{% case ${DETAIL}.eventTypeCategory %}{% when "issue" %}high{% when "investigation" %}medium`,
  '{% when "scheduledChange" %}medium{% when "accountNotification" %}low{% endcase %}',
].join("");

/** https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html */
export const awshealth: RuleSet = {
  name: "awshealth",
  title: "AWS Health",
  category: "cloud",
  vendor_url: "https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html",
  docs: "docs/sources/awshealth.md",
  options: {
    preprocess: [{ type: "parse_sns" }],
    rules: [
      {
        match: { "log.data.Message.source": "aws.health", "log.data.Message.detail.statusCode": "closed" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.Message.source": "aws.health", "log.data.Message.detail.eventArn": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `{{ ${DETAIL}.service | default: "AWS" }}: {{ ${DETAIL}.eventTypeCode | default: "health event" | replace: "_", " " }} in {{ log.data.Message.region }}`,
            description: `{{ ${DETAIL}.eventDescription[0].latestDescription }}`,
            urgency: URGENCY,
            tags: [`{{ ${DETAIL}.service }}`, `{{ ${DETAIL}.eventTypeCategory }}`, "{{ log.data.Message.region }}"],
            additional_data: [
              {
                format: "link",
                label: "Dashboard",
                value: `{% if ${DETAIL}.eventArn %}https://health.aws.amazon.com/health/home#/account/event-log?eventID={{ ${DETAIL}.eventArn | url_encode }}{% endif %}`,
              },
              { format: "text", label: "Account", value: "{{ log.data.Message.account }}" },
              { format: "text", label: "Affected", value: `{{ ${DETAIL}.affectedEntities | map: "entityValue" }}` },
              { format: "text", label: "Since", value: `{{ ${DETAIL}.startTime }}` },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is not an event of AWS Health." }] },
  },
};
