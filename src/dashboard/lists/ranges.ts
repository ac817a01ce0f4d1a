/** The ranges of time that a list offers. */
export const RANGES = [
  { value: "15m", label: "Last 15 minutes", minutes: 15 },
  { value: "1h", label: "Last hour", minutes: 60 },
  { value: "24h", label: "Last 24 hours", minutes: 1_440 },
  { value: "7d", label: "Last 7 days", minutes: 10_080 },
] as const;

export type Range = (typeof RANGES)[number]["value"];
export const RANGE_NAMES: readonly Range[] = RANGES.map(({ value }) => value);

/** The start of a range that ends now, as the API reads it; undefined for all time. */
export function startOf(range: Range | undefined, nowMs: number): string | undefined {
  const found = RANGES.find(({ value }) => value === range);
  return found === undefined ? undefined : new Date(nowMs - found.minutes * 60_000).toISOString();
}

/** The times of a list: a range that ends now, or the two times between which it shows rows. */
export type Times = {
  readonly range?: Range | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

/** The parameters of the API for these times. A range takes precedence. */
export function timesOf({ range, from, to }: Times, nowMs: number): { readonly from?: string; readonly to?: string } {
  const start = startOf(range, nowMs);
  if (start !== undefined) return { from: start };
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/** A time as a field for a date and a time holds it, in the viewer's zone: `2026-01-31T12:00`. */
export function toLocalField(iso: string | undefined): string {
  if (iso === undefined) return "";
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Reads a field for a date and a time; undefined if it is empty or half filled in. */
export function fromLocalField(text: string): string | undefined {
  const atMs = Date.parse(text);
  return Number.isFinite(atMs) ? new Date(atMs).toISOString() : undefined;
}
