import { expect, test } from "vitest";
import { chooseAddress, deriveConfig } from "../../scripts/deploy/config.mjs";
import { UsageError } from "../../scripts/deploy/deploy-error.mjs";
import { readOptions } from "../../scripts/deploy/options.mjs";

const TOML = {
  name: "hookgate",
  routes: [{ pattern: "hooks.example.com", custom_domain: true }],
  vars: { queue: "stays", id: "stays" },
  limits: { cpu_ms: 60_000 },
  d1_databases: [{ binding: "DB", database_name: "hookgate", database_id: "one-of-production" }],
  r2_buckets: [{ binding: "DOCUMENTS", bucket_name: "papers" }],
  queues: { producers: [{ binding: "EVENTS", queue: "hookgate-events" }], consumers: [{ queue: "hookgate-events" }] },
  kv_namespaces: [{ binding: "CACHE", id: "one-of-production" }],
  env: { old: { name: "hookgate-old" } },
};
const NOT_DEPLOYED = {
  exists: false,
  secrets: [],
  bindings: new Map<string, Record<string, unknown>>(),
  plan: null,
  domains: [],
  isOnWorkersDev: false,
};

test("another name takes nothing of the gateway of wrangler.toml: no resource, no id, no host, no environment", () => {
  const address = chooseAddress(TOML, { name: "staging", domain: null, deployed: NOT_DEPLOYED });
  const config = deriveConfig(TOML, { name: "staging", plan: null, address });
  expect(config).toEqual({
    name: "staging",
    workers_dev: true,
    vars: TOML.vars,
    limits: TOML.limits,
    d1_databases: [{ binding: "DB", database_name: "staging" }],
    r2_buckets: [{ binding: "DOCUMENTS", bucket_name: "staging-papers" }],
    queues: { producers: [{ binding: "EVENTS", queue: "staging-events" }], consumers: [{ queue: "staging-events" }] },
    kv_namespaces: [{ binding: "CACHE" }],
  });
});

test("the name of wrangler.toml keeps what that says, and a plan changes what depends on it", () => {
  const address = chooseAddress(TOML, { name: "hookgate", domain: null, deployed: NOT_DEPLOYED });
  const { env: _environments, ...sections } = TOML;
  expect(deriveConfig(TOML, { name: "hookgate", plan: null, address })).toEqual(sections);
  const free = deriveConfig(TOML, { name: "hookgate", plan: "free", address });
  expect(free["limits"]).toBeUndefined();
  expect(free["queues"].consumers).toEqual([{ queue: "hookgate-events", max_batch_size: 10 }]);
  const paid = deriveConfig(TOML, { name: "hookgate", plan: "paid", address });
  expect(paid["worker_loaders"]).toEqual([{ binding: "LOADER" }]);
});

test.each([
  [["--nmae", "x"], "--nmae"],
  [["--name", "Big_Name"], "lower-case"],
  [["--name", "-x"], /ambiguous\.$/],
  [["--domain", "https://hooks.example.com"], "--domain"],
  [["--plan", "enterprise"], "free or paid"],
  [["staging"], "staging"],
])("the options %j are refused", (args, text) => {
  expect(() => readOptions(args)).toThrow(UsageError);
  expect(() => readOptions(args)).toThrow(text);
});
