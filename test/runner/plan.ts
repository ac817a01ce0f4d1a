import { execFileSync } from "node:child_process";
import { statfsSync } from "node:fs";

/** The part of the full numbers of runs, schedules and kills that `npm test` makes. */
const PART = 0.2;
const DAY_MS = 86_400_000;
const MEMORY = "/dev/shm";
const MIN_FREE_BYTES = 2 ** 30;

export type Plan = {
  /** The seed of everything random in tests: another one for each commit, the same for each run. */
  readonly seed: number;
  /** The part of the full numbers, 1 for all of them. */
  readonly scale: number;
};

/** Returns the value of a variable, or null if it is not set. Throws if it is not a number. */
function numberOf(name: string): number | null {
  const text = process.env[name] ?? "";
  if (text === "") return null;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`${name} must be a number above 0, not ${text}`);
  return value;
}

function seedOfCommit(): number {
  try {
    const commit = execFileSync("git", ["rev-parse", "HEAD"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return Number.parseInt(commit.slice(0, 7), 16);
  } catch {
    // A copy of the tree without git.
    return Math.floor(Date.now() / DAY_MS);
  }
}

/** Reads TEST_SEED and TEST_SCALE. */
export function planOf(): Plan {
  return { seed: numberOf("TEST_SEED") ?? seedOfCommit(), scale: numberOf("TEST_SCALE") ?? PART };
}

/**
 * Puts temporary files into memory if there is room. The storage of tests commits to disk thousands of times, which took three
 * quarters of the time that they took.
 */
export function keepTemporaryFilesInMemory(): void {
  if (process.env["TMPDIR"] !== undefined) return;
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize >= MIN_FREE_BYTES) process.env["TMPDIR"] = MEMORY;
  } catch {
    // The platform has no such folder.
  }
}
