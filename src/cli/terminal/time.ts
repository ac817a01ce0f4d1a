const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

const UNITS = new Map([
  ["s", SECOND_MS],
  ["m", MINUTE_MS],
  ["h", HOUR_MS],
  ["d", DAY_MS],
  ["w", WEEK_MS],
]);

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** The milliseconds of a span such as `90s`, `15m`, `2h`, `1d12h` or `1w`; null for another text. */
export function parseSpan(text: string): number | null {
  if (!/^(\d{1,6}[smhdw])+$/.test(text)) return null;
  return [...text.matchAll(/(\d+)([smhdw])/g)].reduce(
    (sum, [, count = "", unit = ""]) => sum + Number(count) * (UNITS.get(unit) ?? 0),
    0,
  );
}

/** The time that a span before now, an ISO 8601 time or a date names; null for another text. Without a zone it is in UTC. */
export function parsePastTime(text: string, nowMs: number): string | null {
  if (text === "now") return new Date(nowMs).toISOString();
  const span = parseSpan(text);
  if (span !== null) return new Date(nowMs - span).toISOString();
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/.test(text) || text.length === "2026-11-20".length;
  const at = Date.parse(hasZone ? text : `${text}Z`);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

export function isTime(text: string): boolean {
  return ISO_TIME.test(text);
}

function roughly(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)}s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)}m`;
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / HOUR_MS)}h`;
  return `${Math.floor(ms / DAY_MS)}d`;
}

/** A time as people say it: `5m ago`, `in 2h`, `now`. */
export function relative(iso: string, nowMs: number): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return iso;
  const difference = nowMs - at;
  if (Math.abs(difference) < SECOND_MS) return "now";
  return difference > 0 ? `${roughly(difference)} ago` : `in ${roughly(-difference)}`;
}

/** The exact time with the relative one. */
export function exactly(iso: string, nowMs: number): string {
  return `${iso} (${relative(iso, nowMs)})`;
}
