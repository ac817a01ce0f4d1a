/**
 * Returns a template that maps the severities of monitoring products to an urgency. It is empty for an unknown severity.
 * `path` is a Liquid expression.
 */
export function urgencyFrom(path: string): string {
  return [
    `{% assign severity = ${path} | downcase | strip %}{% case severity %}`,
    '{% when "critical", "crit", "fatal", "emergency", "disaster", "page", "p1", "sev0", "sev-1", "1" %}critical',
    '{% when "error", "err", "high", "major", "severe", "alert", "p2", "sev1", "sev-2", "2" %}high',
    '{% when "warning", "warn", "medium", "minor", "average", "moderate", "p3", "sev2", "sev-3", "3" %}medium',
    '{% when "info", "information", "informational", "notice", "low", "none", "debug", "p4", "p5", "sev3", "sev4", "sev-4", "4", "5" %}low',
    "{% endcase %}",
  ].join("");
}
