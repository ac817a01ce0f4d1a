// The text format of Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/

/** A sample: its labels, and its value. */
export type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** A metric with all of its samples. */
export type Metric = {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  readonly samples: readonly Sample[];
};

const ESCAPES: Readonly<Record<string, string>> = { "\\": String.raw`\\`, '"': String.raw`\"`, "\n": String.raw`\n` };

function labelsOf(labels: Sample["labels"]): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.toWellFormed().replace(/[\\"\n]/g, (mark) => ESCAPES[mark] ?? mark)}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** Writes metrics in the text format. */
export function expositionOf(metrics: readonly Metric[]): string {
  const lines = metrics.flatMap(({ name, type, help, samples }) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(({ labels, value }) => `${name}${labelsOf(labels)} ${value}`),
  ]);
  return `${lines.join("\n")}\n`;
}
