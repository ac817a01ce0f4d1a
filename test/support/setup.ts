import fc from "fast-check";
import { afterEach, beforeEach, vi } from "vitest";
import { SEED, runs } from "./runs.ts";
import { clearStorage, prepareStorage } from "./storage.ts";

fc.configureGlobal({ seed: SEED, numRuns: runs(500) });

beforeEach(prepareStorage);

afterEach(async () => {
  vi.useRealTimers();
  await clearStorage();
});
