import { availableParallelism } from "node:os";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { Announcement } from "./test/runner/announcement.ts";
import { keepTemporaryFilesInMemory, planOf } from "./test/runner/plan.ts";
import { resumeRequestsAsProduction } from "./test/runner/production-flags.ts";

resumeRequestsAsProduction();
const { cloudflareTest, readD1Migrations } = await import("@cloudflare/vitest-plugin");

// The projects run one after another, each in several workers. Long suites belong to the slow ones.
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
  hookTimeout: 120_000,
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

/** Plugins of a project whose tests run inside workerd. */
function inWorkerd(shards: object = {}) {
  const workerd = cloudflareTest({
    main: "./src/index.ts",
    wrangler: { configPath: "./wrangler.toml" },
    miniflare: { bindings: VARIABLES, ...shards },
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
    projects: [
      {
        plugins: inWorkerd(),
        test: {
          ...IN_WORKERD,
          name: "fast",
          include: ["test/**/*.test.ts"],
          exclude: [...SLOW, ...SHARDED, ...IN_NODE, ...IN_BROWSER],
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: inWorkerd(),
        test: { ...IN_WORKERD, name: "slow", include: SLOW, sequence: { groupOrder: 1 } },
      },
      {
        plugins: inWorkerd(SECOND_SHARD),
        test: { ...IN_WORKERD, name: "slow-sharded", include: SHARDED, sequence: { groupOrder: 2 } },
      },
      {
        test: {
          ...COMMON,
          name: "slow-node",
          include: IN_NODE,
          pool: "forks",
          testTimeout: 600_000,
          setupFiles: ["./test/npm-start/setup.ts"],
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          ...COMMON,
          name: "browser",
          include: IN_BROWSER,
          pool: "forks",
          // A browser, a gateway and the test itself keep a small machine busy.
          fileParallelism: false,
          globalSetup: ["./test/browser/global-setup.ts"],
          setupFiles: ["./test/npm-start/setup.ts"],
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
