import type { RuleSet } from "./rule-set.ts";

// Messages from before 2019, and copies of them, have no AlarmArn.
const KEY = [
  '{% if log.data.Message.AlarmArn and log.data.Message.AlarmArn != "" %}{{ log.data.Message.AlarmArn }}{% else %}',
  "{{ log.data.Message.AWSAccountId }}:{{ log.data.Message.Region }}:{{ log.data.Message.AlarmName }}{% endif %}",
].join("");

const CONSOLE_LINK = [
  '{% assign arn = log.data.Message.AlarmArn | split: ":" %}',
  '{% if arn[1] == "aws" %}https://{{ arn[3] }}.console.aws.amazon.com/cloudwatch/home?region={{ arn[3] }}',
  '#alarmsV2:alarm/{{ log.data.Message.AlarmName | url_encode | replace: "+", "%20" }}{% endif %}',
].join("");

// EventBridge's events name the alarm as AlarmArn does: its sample has one resource, the alarm.
const EVENT = "log.data.Message.detail";
const EVENT_KEY = "{{ log.data.Message.resources[0] }}";
const IS_EVENT = { "log.data.Message.detail-type": "CloudWatch Alarm State Change" };

/**
 * An alarm is JSON in the Message of an SNS notification.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 * EventBridge sends another shape, to an API destination or through SNS.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export const cloudwatch: RuleSet = {
  name: "cloudwatch",
  title: "Amazon CloudWatch",
  category: "cloud",
  vendor_url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html",
  docs: "docs/sources/cloudwatch.md",
  options: {
    preprocess: [{ type: "parse_sns" }, { type: "wrap_alarm" }],
    rules: [
      {
        match: { "log.data.Type": { $in: ["SubscriptionConfirmation", "UnsubscribeConfirmation"] } },
        actions: [{ type: "ignore", reason: "{{ log.data.Type }} of SNS." }],
      },
      {
        match: { "log.data.Message.NewStateValue": "ALARM" },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              "{{ log.data.Message.AlarmName | default: log.data.Subject | default: 'Alarm of CloudWatch' }}{% if log.data.Message.Region %} in {{ log.data.Message.Region }}{% endif %}",
            description:
              "{% if log.data.Message.AlarmDescription %}{{ log.data.Message.AlarmDescription }}\n\n{% endif %}{{ log.data.Message.NewStateReason }}",
            urgency: "high",
            tags: "{{ log.data.Message.Trigger.Namespace }},{{ log.data.Message.Trigger.MetricName }}",
            additional_data: [
              { format: "link", label: "Alarm", value: CONSOLE_LINK },
              { format: "text", label: "Account", value: "{{ log.data.Message.AWSAccountId }}" },
              { format: "text", label: "Topic", value: "{{ log.data.TopicArn }}" },
              { format: "datetime", label: "Changed at", value: "{{ log.data.Message.StateChangeTime }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.Message.NewStateValue": "OK" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { ...IS_EVENT, [`${EVENT}.state.value`]: "ALARM" },
        actions: [
          {
            type: "create",
            thirdparty_id: EVENT_KEY,
            title: `{{ ${EVENT}.alarmName | default: 'Alarm of CloudWatch' }}{% if log.data.Message.region %} in {{ log.data.Message.region }}{% endif %}`,
            description: `{% if ${EVENT}.configuration.description %}{{ ${EVENT}.configuration.description }}\n\n{% endif %}{{ ${EVENT}.state.reason }}`,
            urgency: "high",
            additional_data: [
              { format: "text", label: "Account", value: "{{ log.data.Message.account }}" },
              { format: "datetime", label: "Changed at", value: "{{ log.data.Message.time }}" },
            ],
          },
        ],
      },
      {
        match: { ...IS_EVENT, [`${EVENT}.state.value`]: "OK" },
        actions: [{ type: "resolve", thirdparty_id: EVENT_KEY }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "No alarm that went to ALARM or OK." }] },
  },
};
