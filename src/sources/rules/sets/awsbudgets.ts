import type { RuleSet } from "./rule-set.ts";

/** Returns a template for the value of a line such as `Budget Name: …`. */
function line(name: string): string {
  return `{{ log.data.Message | split: "${name}: " | slice: 1, 1 | first | split: "\\n" | first | strip }}`;
}

const NAME = line("Budget Name");

/** https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html */
export const awsbudgets: RuleSet = {
  name: "awsbudgets",
  title: "AWS Budgets",
  category: "cloud",
  vendor_url: "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html",
  docs: "docs/sources/awsbudgets.md",
  options: {
    preprocess: [{ type: "parse_sns" }],
    rules: [
      {
        match: { "log.data.Message": { $regex: "Budget Name: " } },
        actions: [
          {
            type: "create",
            thirdparty_id: `${NAME}:${line("Alert Type")}:${line("Alert Threshold")}`,
            title: `Budget ${NAME}: {{ log.data.Subject | default: "the threshold is exceeded" }}`,
            description: "{{ log.data.Message }}",
            urgency: "medium",
            additional_data: [
              {
                format: "link",
                label: "Budgets",
                value: "https://console.aws.amazon.com/costmanagement/home#/budgets",
              },
              { format: "text", label: "Budgeted amount", value: line("Budgeted Amount") },
              { format: "text", label: "Threshold", value: line("Alert Threshold") },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is not a notification of AWS Budgets." }] },
  },
};
