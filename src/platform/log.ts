type Loggable = string | number | boolean | null | undefined | readonly string[];

/** What a log line is about, by ids and counts. */
export type LogFields = Readonly<Record<string, Loggable>>;

/**
 * Writes one line of JSON. `event` is `noun.verb_past`, such as `event.accepted`; docs/log-lines.md lists all of them. Never
 * pass a secret, a body or a header.
 */
export function logLine(level: "info" | "warn" | "error", event: string, fields: LogFields): void {
  console[level](JSON.stringify({ level, event, ...fields }));
}

/** Describes an error for the log. A thrown message never goes on the wire. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
