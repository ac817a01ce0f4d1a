/** The key of an alert with labels: its fingerprint, or else the labels, which it is made of. */
export const LABELS_KEY =
  "{% if log.data.fingerprint %}{{ log.data.fingerprint }}{% else %}{% for label in log.data.labels %}{{ label[0] }}={{ label[1] }},{% endfor %}{% endif %}";

/**
 * Returns the title of an alert with labels and annotations. Without a summary, the labels tell the instances of a rule apart.
 */
export function labelsTitle(otherwise: string): string {
  return [
    "{% assign annotations = log.data.annotations %}{% assign labels = log.data.labels %}",
    "{% capture place %}{% if labels.instance %} on {{ labels.instance }}{% elsif labels.pod %} on {{ labels.pod }}",
    "{% elsif labels.job %} ({{ labels.job }}){% endif %}{% endcapture %}{% capture name %}{{ labels.alertname }}{% endcapture %}",
    "{% if name == '' %}{% assign place = '' %}{% endif %}{% assign named = name | append: place %}",
    "{% assign title = annotations.summary | default: annotations.title | default: named | default: annotations.description %}",
    `{{ title | default: "${otherwise}" }}`,
  ].join("");
}
