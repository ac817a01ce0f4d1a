/** A session ends when it was not used for this long. */
export const SESSION_IDLE_SECONDS = 12 * 3_600;
/** A use is written at most this often, because D1 bills each row. So a session may end this much earlier. */
export const TOUCH_EVERY_MS = 300_000;

/** Returns when a session ends without further use, in ms since 1970. */
export function endOfSession(usedAt: string): number {
  return Date.parse(usedAt) + SESSION_IDLE_SECONDS * 1_000;
}

/** Returns the time such that sessions last used then or earlier have ended. */
export function endedBefore(nowMs: number): string {
  return new Date(nowMs - SESSION_IDLE_SECONDS * 1_000).toISOString();
}
