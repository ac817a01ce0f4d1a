import { CHROMIUM, IS_ABSENT } from "./chromium.ts";

/** Says once for all files that they are skipped. */
export function setup(): void {
  if (!IS_ABSENT) return;
  const how = "Debian and Ubuntu: apt-get install chromium-headless-shell; CHROMIUM names another browser";
  process.stderr.write(`Skipped the tests with a browser: ${CHROMIUM} is not installed (${how})\n`);
}
