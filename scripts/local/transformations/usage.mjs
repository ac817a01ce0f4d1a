import { readFileSync } from "node:fs";

const PAGE_BYTES = 4_096;
const TICK_MS = 10;

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/**
 * Returns the CPU in ms that the main thread of a process has used, or null if the system does not say.
 * @param {number} pid
 */
export function cpuMsOf(pid) {
  const scheduled = read(`/proc/${pid}/task/${pid}/schedstat`);
  const nanoseconds = Number(scheduled?.split(" ")[0] ?? 0);
  if (nanoseconds > 0) return nanoseconds / 1e6;
  // The name of a process, in brackets, may contain spaces.
  const fields = read(`/proc/${pid}/task/${pid}/stat`)
    ?.replace(/^.*\) /, "")
    .split(" ");
  return fields === undefined ? null : (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/**
 * Returns the bytes of memory that a process holds, or null if the system does not say.
 * @param {number} pid
 */
export function residentBytesOf(pid) {
  const pages = read(`/proc/${pid}/statm`)?.split(" ")[1];
  return pages === undefined ? null : Number(pages) * PAGE_BYTES;
}
