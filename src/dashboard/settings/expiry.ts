const DAY_MS = 86_400_000;

export const EXPIRIES = [
  { value: "never", label: "Never", days: null },
  { value: "1d", label: "In 1 day", days: 1 },
  { value: "7d", label: "In 7 days", days: 7 },
  { value: "30d", label: "In 30 days", days: 30 },
  { value: "90d", label: "In 90 days", days: 90 },
  { value: "365d", label: "In 365 days", days: 365 },
] as const;

export type Expiry = (typeof EXPIRIES)[number]["value"];

/** The end of a token that is made now; null if it has none. */
export function expiresAt(expiry: Expiry, nowMs: number): string | null {
  const days = EXPIRIES.find(({ value }) => value === expiry)?.days ?? null;
  return days === null ? null : new Date(nowMs + days * DAY_MS).toISOString();
}
