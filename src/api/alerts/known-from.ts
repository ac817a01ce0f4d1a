import type { Context } from "../../context.ts";

const DAY_MS = 86_400_000;

/** Returns since when histories hold every alert that was opened, in ms since 1970: retention deletes older ones. */
export function knownFrom({ clock, settings }: Context): number {
  return clock() - (settings.retention_days - 1) * DAY_MS;
}
