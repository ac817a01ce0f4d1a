import type { RuleSet } from "./rule-set.ts";

/** https://auth0.com/docs/customize/log-streams/custom-log-streams */
export const auth0: RuleSet = {
  name: "auth0",
  title: "Auth0",
  category: "security",
  vendor_url: "https://auth0.com/docs/customize/log-streams/custom-log-streams",
  docs: "docs/sources/auth0.md",
  options: {
    rules: [
      {
        match: {
          "log.data.log_id": { $exists: true },
          "log.data.data.type": {
            $in: [
              "limit_wc",
              "limit_sul",
              "limit_mu",
              "limit_delegation",
              "pwd_leak",
              "signup_pwd_leak",
              "reset_pwd_leak",
              "api_limit",
            ],
          },
        },
        actions: [
          {
            type: "create",
            thirdparty_id:
              "{{ log.data.data.type }}:{{ log.data.data.user_id | default: log.data.data.user_name | default: log.data.data.ip }}",
            title:
              "{% case log.data.data.type %}{% when 'pwd_leak', 'signup_pwd_leak', 'reset_pwd_leak' %}Breached password{% when 'limit_wc' %}Blocked account{% when 'limit_mu', 'limit_sul' %}Blocked address{% else %}Limit reached{% endcase %}: {{ log.data.data.user_name | default: log.data.data.user_id | default: log.data.data.ip | default: log.data.data.type }}",
            description: "{{ log.data.data.description }}",
            urgency: "high",
            tags: ["{{ log.data.data.type }}", "{{ log.data.data.client_name }}"],
            additional_data: [
              { format: "text", label: "Address", value: "{{ log.data.data.ip }}" },
              { format: "text", label: "User agent", value: "{{ log.data.data.user_agent }}" },
              { format: "text", label: "Connection", value: "{{ log.data.data.connection }}" },
              { format: "datetime", label: "At", value: "{{ log.data.data.date }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.log_id": { $exists: true }, "log.data.data.type": { $exists: true } },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is no event of a log stream." }] },
  },
};
