import { availableParallelism } from "node:os";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { transformationService } from "./scripts/local/transformations/service.mjs";
import { Announcement } from "./test/runner/announcement.ts";
import { keepTemporaryFilesInMemory, planOf } from "./test/runner/plan.ts";
import { Sequencer } from "./test/runner/sequencer.ts";
import { resumeRequestsAsProduction } from "./test/runner/production-flags.ts";

resumeRequestsAsProduction();
const { cloudflareTest, readD1Migrations } = await import("@cloudflare/vitest-plugin");

// The projects of a group run side by side, and the groups one after another. Long suites belong to the slow projects.
const IN_RUNTIME = { groupOrder: 0 };
const WITH_PROCESSES = { groupOrder: 1 };
// Tests with processes often wait, for example for a retry.
const WORKERS_WITH_PROCESSES = Math.max(3, availableParallelism());

const SLOW = ["test/faults/**/*.test.ts", "test/**/{fuzz,*faults,interleavings}.test.ts"];
const SHARDED = ["test/shards/**/*.test.ts"];
const IN_BROWSER = ["test/browser/**/*.test.ts"];
const IN_NODE = ["cli", "deploy", "docs", "npm-start", "tooling"].map((folder) => `test/${folder}/**/*.test.ts`);

const SECRETS = {
  ADMIN_TOKEN: "test-admin-token-0123456789abcdef",
  MASTER_KEY: "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=",
};

const VARIABLES = {
  ...SECRETS,
  ALLOW_PRIVATE_DESTINATIONS: "true",
  ACCEPT_DURABILITY: "outbox",
  RETRY_SCHEDULE: "1,1,2",
};

/** The bindings of a second shard, beside those of wrangler.toml. */
const SECOND_SHARD = {
  d1Databases: { DB_1: "hookgate-1" },
  queueProducers: {
    EVENTS_1: { queueName: "hookgate-1-events" },
    DELIVERIES_1: { queueName: "hookgate-1-deliveries" },
    DEAD_LETTERS_1: { queueName: "hookgate-1-dead-letters" },
  },
};

const { seed, scale } = planOf();
const provide = { migrations: await readD1Migrations("migrations"), seed, scale };

const COMMON = {
  // Limits for what hangs: no test is about speed, and a busy machine is slow.
  testTimeout: Math.max(180_000, 900_000 * scale),
  hookTimeout: 360_000,
  restoreMocks: true,
  unstubGlobals: true,
  provide,
};

/** Some packages ship source maps without their sources, and Vite warns about each. */
const WITHOUT_NOTES_ABOUT_PACKAGES: Plugin = {
  name: "without-notes-about-packages",
  configResolved({ logger }) {
    const warnOnce = logger.warnOnce.bind(logger);
    logger.warnOnce = (message, options) => {
      if (!message.startsWith("Sourcemap for ")) warnOnce(message, options);
    };
  },
};

/** Runs transformations for the tests in workerd. */
const transformations = transformationService(import.meta.dirname);

/** Plugins of a project whose tests run inside workerd. */
function inWorkerd(shards: object = {}) {
  const workerd = cloudflareTest({
    main: "./src/index.ts",
    wrangler: { configPath: "./wrangler.toml" },
    miniflare: {
      bindings: VARIABLES,
      workerLoaders: { LOADER: {} },
      serviceBindings: { TRANSFORMATIONS: transformations.fetch },
      ...shards,
    },
    verbose: false,
  });
  return [workerd, WITHOUT_NOTES_ABOUT_PACKAGES];
}

const IN_WORKERD = {
  ...COMMON,
  setupFiles: ["./test/support/setup.ts"],
  // The set-up removes what tests leave, so files share a worker. A new worker costs a second, and loads every module again.
  isolate: false,
  // With this cache, Vitest sends a worker every module that it knows before each file.
  fsModuleCache: false,
};

/** The report for .ci/run. */
function reportTo(outputFile: string | undefined): ["json", { outputFile: string }][] {
  return outputFile === undefined ? [] : [["json", { outputFile }]];
}

keepTemporaryFilesInMemory();
// wrangler looks for the secrets here, and warns about each that is missing.
Object.assign(process.env, { ...SECRETS, WRANGLER_LOG: "warn" });

export default defineConfig({
  test: {
    reporters: ["default", new Announcement({ seed, scale }), ...reportTo(process.env["TEST_REPORT"])],
    // Shows what a test logs only if it fails.
    silent: "passed-only",
    slowTestThreshold: 10_000,
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: Sequencer },
    projects: [
      {
        plugins: inWorkerd(),
        test: {
          ...IN_WORKERD,
          name: "fast",
          include: ["test/**/*.test.ts"],
          exclude: [...SLOW, ...SHARDED, ...IN_NODE, ...IN_BROWSER],
          sequence: IN_RUNTIME,
        },
      },
      {
        plugins: inWorkerd(),
        test: { ...IN_WORKERD, name: "slow", include: SLOW, sequence: IN_RUNTIME },
      },
      {
        plugins: inWorkerd(SECOND_SHARD),
        test: { ...IN_WORKERD, name: "slow-sharded", include: SHARDED, sequence: IN_RUNTIME },
      },
      {
        test: {
          ...COMMON,
          name: "slow-node",
          include: IN_NODE,
          pool: "forks",
          testTimeout: 600_000,
          setupFiles: ["./test/npm-start/setup.ts"],
          maxWorkers: WORKERS_WITH_PROCESSES,
          sequence: WITH_PROCESSES,
        },
      },
      {
        test: {
          ...COMMON,
          name: "browser",
          include: IN_BROWSER,
          pool: "forks",
          testTimeout: 600_000,
          globalSetup: ["./test/browser/global-setup.ts"],
          setupFiles: ["./test/npm-start/setup.ts"],
          maxWorkers: WORKERS_WITH_PROCESSES,
          sequence: WITH_PROCESSES,
        },
      },
    ],
  },
});
