// Labels are written as `name=value`. The separator is in no name or value.
const SEPARATOR = "\u001f";

/** Returns Liquid that assigns the labels to a list, sorted, without those that a condition on `label[0]` excludes. */
function assignLabels(name: string, condition = "true"): string {
  return [
    `{% capture written %}{% for label in log.data.labels %}{% if ${condition} %}`,
    `{{ label[0] }}={{ label[1] }}${SEPARATOR}{% endif %}{% endfor %}{% endcapture %}`,
    `{% assign ${name} = written | split: "${SEPARATOR}" | sort %}`,
  ].join("");
}

/** The key of an alert with labels: its fingerprint, or else the labels, which it is made of, in any order. */
export const LABELS_KEY = [
  `{% if log.data.fingerprint %}{{ log.data.fingerprint }}{% else %}${assignLabels("all")}`,
  '{{ all | join: "," }}{% if all.size > 0 %},{% endif %}{% endif %}',
].join("");

/** The labels that name one instance, the likeliest first. */
const INSTANCES = ["instance", "pod", "host", "hostname", "node", "server", "container"];
const IS_ABOUT_INSTANCE = 'label[0] != "alertname" and label[0] != "severity"';
/** A title shows at most this many labels. */
const MAX_SHOWN = 5;

/**
 * Returns the title of an alert with labels and annotations. Without a summary, the labels tell the instances of a rule apart.
 */
export function labelsTitle(otherwise: string): string {
  const instance = INSTANCES.map((name) => `default: labels.${name}`).join(" | ");
  return [
    "{% assign annotations = log.data.annotations %}{% assign labels = log.data.labels %}",
    "{% assign title = annotations.summary | default: annotations.title %}{% if title == blank %}",
    `{% assign instance = "" | ${instance} %}${assignLabels("others", IS_ABOUT_INSTANCE)}`,
    `{% assign shown = others | slice: 0, ${MAX_SHOWN} | join: ", " %}{% capture name %}{{ labels.alertname }}{% endcapture %}`,
    "{% if name == '' %}{% assign title = annotations.description | default: shown %}",
    "{% elsif instance and instance != '' %}{% capture title %}{{ name }} on {{ instance }}{% endcapture %}",
    "{% elsif labels.job and others.size == 1 %}{% capture title %}{{ name }} ({{ labels.job }}){% endcapture %}",
    "{% elsif shown != '' %}{% capture title %}{{ name }} ({{ shown }}){% endcapture %}",
    "{% else %}{% assign title = name %}{% endif %}{% endif %}",
    `{{ title | default: "${otherwise}" }}`,
  ].join("");
}
