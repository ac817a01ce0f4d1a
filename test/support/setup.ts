import fc from "fast-check";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { forgetWatches } from "../../src/ingest/idle.ts";
import { keepLog } from "./log.ts";
import { SEED, runs } from "./runs.ts";
import { clearStorage, prepareStorage } from "./storage.ts";
import { installStrictPlatform } from "./strict-platform/install.ts";
import { takeViolations } from "./strict-platform/invocation.ts";

fc.configureGlobal({ seed: SEED, numRuns: runs(500) });

installStrictPlatform();

beforeEach(async () => {
  keepLog();
  await prepareStorage();
});

afterEach(async () => {
  vi.useRealTimers();
  forgetWatches();
  await clearStorage();
  expect(takeViolations(), "limits of the platform that were exceeded").toEqual([]);
});
