import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const IN_NODE = ["test/npm-start/**/*.test.ts", "test/tooling/**/*.test.ts"];

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                ADMIN_TOKEN: "test-admin-token-0123456789abcdef",
                MASTER_KEY: "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=",
                ALLOW_PRIVATE_DESTINATIONS: "true",
                ACCEPT_DURABILITY: "outbox",
                RETRY_SCHEDULE: "1,1,2",
              },
            },
          }),
        ],
        test: {
          name: "workerd",
          include: ["test/**/*.test.ts"],
          exclude: IN_NODE,
          setupFiles: ["./test/support/setup.ts"],
          // A bound for what hangs; no test is about speed, and a busy machine is slow.
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "node",
          include: IN_NODE,
          pool: "forks",
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
