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
