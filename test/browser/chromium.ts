import { existsSync } from "node:fs";

/** The browsers of Debian. The first one has no window, and takes a quarter less CPU. */
const PATHS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

export const CHROMIUM = process.env["CHROMIUM"] ?? PATHS.find((path) => existsSync(path)) ?? "/usr/bin/chromium";
export const IS_ABSENT = !existsSync(CHROMIUM);
