import type { RuleSet } from "./rule-set.ts";

/** https://www.servicenow.com/docs/bundle/zurich-api-reference/page/app-store/dev_portal/API_reference/RESTMessageV2/concept/c_RESTMessageV2API.html */
export const servicenow: RuleSet = {
  name: "servicenow",
  title: "ServiceNow",
  category: "support",
  vendor_url:
    "https://www.servicenow.com/docs/bundle/zurich-api-reference/page/app-store/dev_portal/API_reference/RESTMessageV2/concept/c_RESTMessageV2API.html",
  docs: "docs/sources/servicenow.md",
  options: {
    rules: [
      {
        match: { "log.data.source": "servicenow", "log.data.state": { $in: ["6", "7", "8"] } },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.number }}" }],
      },
      {
        match: { "log.data.source": "servicenow", "log.data.state": { $in: ["2"] } },
        actions: [{ type: "acknowledge", thirdparty_id: "{{ log.data.number }}" }],
      },
      {
        match: { "log.data.source": "servicenow", "log.data.number": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.number }}",
            title:
              "{{ log.data.number | default: 'An incident' }}: {{ log.data.short_description | default: 'incident' }}",
            description: "{{ log.data.description }}",
            urgency:
              '{% case log.data.priority %}{% when "1" %}critical{% when "2" %}high{% when "3" %}medium{% when "4", "5" %}low{% endcase %}',
            tags: ["{{ log.data.category }}", "{{ log.data.assignment_group }}"],
            additional_data: [
              { format: "link", label: "Incident", value: "{{ log.data.link }}" },
              { format: "text", label: "Configuration item", value: "{{ log.data.cmdb_ci }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "source is not servicenow, or number is missing." }] },
  },
};
