import type { RuleSet } from "./rule-set.ts";

/** https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/logging-monitoring/callbacks.html */
export const airflow: RuleSet = {
  name: "airflow",
  title: "Apache Airflow",
  category: "jobs",
  logo: "apacheairflow",
  vendor_url:
    "https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/logging-monitoring/callbacks.html",
  docs: "docs/sources/airflow.md",
  options: {
    rules: [
      {
        match: { "log.data.source": "airflow", "log.data.state": "success", "log.data.dag_id": { $exists: true } },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.dag_id }}/{{ log.data.task_id }}" }],
      },
      {
        match: {
          "log.data.source": "airflow",
          "log.data.state": { $in: ["failed", "up_for_retry"] },
          "log.data.dag_id": { $exists: true },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.dag_id }}/{{ log.data.task_id }}",
            title:
              "{{ log.data.dag_id | default: 'A DAG' }}.{{ log.data.task_id | default: 'task' }} {% if log.data.state == 'failed' %}has failed{% else %}is retried{% endif %}",
            description: "{{ log.data.exception }}",
            urgency: '{% case log.data.state %}{% when "failed" %}high{% when "up_for_retry" %}medium{% endcase %}',
            tags: ["{{ log.data.dag_id }}"],
            additional_data: [
              { format: "link", label: "Log", value: "{{ log.data.log_url }}" },
              { format: "text", label: "Run", value: "{{ log.data.run_id }}" },
              { format: "text", label: "Try", value: "{{ log.data.try_number }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "source is not airflow, or the state is not one of a callback." }] },
  },
};
