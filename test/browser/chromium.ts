import { existsSync } from "node:fs";

export const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
export const IS_ABSENT = !existsSync(CHROMIUM);
