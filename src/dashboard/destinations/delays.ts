// A retry schedule is written as delays such as "5s, 5m, 2h, 1d"; a number alone is seconds.

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
] as const;
const DELAY = /^(\d{1,7})\s*([smhd]?)$/u;
const SECONDS = { "": 1, s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** Such as "90s", "5m" or "2h": the largest unit that divides the seconds. */
function delayText(seconds: number): string {
  const unit = UNITS.find(([, size]) => seconds >= size && seconds % size === 0);
  return unit === undefined ? `${seconds}s` : `${seconds / unit[1]}${unit[0]}`;
}

export function scheduleText(schedule: readonly number[] | null): string {
  return schedule === null ? "" : schedule.map(delayText).join(", ");
}

function isUnit(text: string): text is keyof typeof SECONDS {
  return Object.hasOwn(SECONDS, text);
}

/** Returns the seconds of each delay; null for an empty text; undefined if a part is not a delay. */
export function readSchedule(text: string): readonly number[] | null | undefined {
  const parts = text
    .split(/[,\n]/u)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (parts.length === 0) return null;
  const seconds: number[] = [];
  for (const part of parts) {
    const [, digits = "", unit = ""] = DELAY.exec(part.toLowerCase()) ?? [];
    if (digits === "" || !isUnit(unit)) return undefined;
    seconds.push(Number(digits) * SECONDS[unit]);
  }
  return seconds;
}
