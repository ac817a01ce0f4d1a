type Loggable = string | number | boolean | null | undefined | readonly string[];

export type LogFields = Readonly<Record<string, Loggable>>;

/** One line of JSON for one unit of work. Never give it a secret, a body or a header. */
export function logLine(level: "info" | "warn" | "error", what: string, fields: LogFields): void {
  console[level](JSON.stringify({ level, what, ...fields }));
}

/** What went wrong, for the log only: a thrown message never goes on the wire. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
