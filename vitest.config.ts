import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const IN_NODE = ["test/npm-start/**/*.test.ts", "test/tooling/**/*.test.ts"];
const SHARDED = ["test/shards/**/*.test.ts"];

const VARIABLES = {
  ADMIN_TOKEN: "test-admin-token-0123456789abcdef",
  MASTER_KEY: "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=",
  ALLOW_PRIVATE_DESTINATIONS: "true",
  ACCEPT_DURABILITY: "outbox",
  RETRY_SCHEDULE: "1,1,2",
};

const COMMON = {
  // Limits for what hangs: no test is about speed, and a busy machine is slow.
  testTimeout: 120_000,
  hookTimeout: 60_000,
  restoreMocks: true,
  unstubGlobals: true,
};

/** What tests inject: see test/support/schema.ts. */
const provide = { migrations: await readD1Migrations("migrations") };

/** The bindings of a second shard, beside those of wrangler.toml. */
const SECOND_SHARD = {
  d1Databases: { DB_1: "hookgate-1" },
  queueProducers: {
    EVENTS_1: { queueName: "hookgate-1-events" },
    DELIVERIES_1: { queueName: "hookgate-1-deliveries" },
    DEAD_LETTERS_1: { queueName: "hookgate-1-dead-letters" },
  },
};

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [
          cloudflareTest({
            main: "./src/index.ts",
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings: VARIABLES },
          }),
        ],
        test: {
          name: "workerd",
          include: ["test/**/*.test.ts"],
          exclude: [...IN_NODE, ...SHARDED],
          setupFiles: ["./test/support/setup.ts"],
          provide,
          ...COMMON,
        },
      },
      {
        plugins: [
          cloudflareTest({
            main: "./src/index.ts",
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings: VARIABLES, ...SECOND_SHARD },
          }),
        ],
        test: {
          name: "sharded",
          include: SHARDED,
          setupFiles: ["./test/shards/setup.ts"],
          provide,
          ...COMMON,
        },
      },
      {
        test: {
          name: "node",
          include: IN_NODE,
          pool: "forks",
          ...COMMON,
          testTimeout: 180_000,
        },
      },
    ],
  },
});
