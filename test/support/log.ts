import { onTestFailed } from "vitest";

// The lines that the gateway logs during a test are kept here, and shown only if the test fails. Vitest would send each line to
// its own process. A line that a request or a consumer writes after its test cannot be sent before the next message of the
// worker, and a run waits for each line, so a run whose last test leaves one would not end.

const LEVELS = ["log", "debug", "info", "warn", "error"] as const;
const MAX_LINES = 500;

const lines: string[] = [];
// oxlint-disable-next-line no-console
const show = console.log.bind(console);

for (const level of LEVELS) {
  console[level] = (...values: unknown[]) => {
    lines.push(values.map(String).join(" "));
    if (lines.length > MAX_LINES) lines.shift();
  };
}

/** Drops the lines of earlier tests. Shows those of the current test if it fails. */
export function keepLog(): void {
  lines.length = 0;
  onTestFailed(() => show(lines.join("\n")));
}
