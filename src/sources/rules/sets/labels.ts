/** The key of an alert with labels: its fingerprint, or else the labels, which it is made of. */
export const LABELS_KEY =
  "{% if log.data.fingerprint %}{{ log.data.fingerprint }}{% else %}{% for label in log.data.labels %}{{ label[0] }}={{ label[1] }},{% endfor %}{% endif %}";

/**
 * Returns the title of an alert with labels and annotations. Without a summary, the labels tell the instances of a rule apart.
 */
export function labelsTitle(otherwise: string): string {
  return [
    "{% assign annotations = log.data.annotations %}{% assign labels = log.data.labels %}",
    "{% if annotations.summary %}{{ annotations.summary }}{% elsif annotations.title %}{{ annotations.title }}",
    "{% elsif labels.alertname %}{{ labels.alertname }}",
    "{% if labels.instance %} on {{ labels.instance }}{% elsif labels.pod %} on {{ labels.pod }}",
    "{% elsif labels.job %} ({{ labels.job }}){% endif %}",
    `{% else %}{{ annotations.description | default: "${otherwise}" }}{% endif %}`,
  ].join("");
}
