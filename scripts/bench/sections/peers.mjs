import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { startHelper } from "../helper.mjs";
import { startNodeRed } from "../node-red.mjs";
import { median, percentile, rounded } from "../numbers.mjs";
import { interleave } from "../rounds.mjs";
import { flow, startDelivering } from "./end-to-end.mjs";

const PACKAGES = ["express@5.3.0", "node-red@5.0.7"];
const TOKEN = "tok_0123456789abcdef0123456789abcdef";
const PACE_MS = 100;

/** @typedef {Awaited<ReturnType<typeof flow>>} Flowed */

/** @param {string} folder @param {string} name */
function versionIn(folder, name) {
  return String(JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")).version);
}

/** Features of each product. None of this is measured. */
const PROMISES = {
  hookgate_outbox: {
    accepted_means: "in D1",
    signs: "five schemes",
    retries: "by a schedule, over days",
  },
  hookgate_queue: { accepted_means: "in a queue", signs: "five schemes", retries: "by a schedule, over days" },
  node_red: { accepted_means: "in memory", signs: "no", retries: "no" },
  express: { accepted_means: "in memory", signs: "no", retries: "no" },
};

/** Others in the same run: what accepts a webhook, checks its token and passes it on. @param {import("../gateway.mjs").Bench} bench */
export async function measurePeers(bench) {
  const { plan } = bench;
  const folder = bench.folder("peers");
  const flags = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts"];
  await promisify(execFile)("npm", ["install", "--prefix", folder, ...flags, ...PACKAGES]);

  const target = (/** @type {string} */ path) => `http://127.0.0.1:${bench.receiver.port}${path}`;
  const auth = { type: "token", header: "x-token", token: TOKEN };
  const queue = await startDelivering(bench, ["/queue"], { auth });
  const outbox = await startDelivering(bench, ["/outbox"], { auth, durability: "outbox" });
  const express = await startHelper("express.mjs", [folder, target("/express"), TOKEN]);
  const nodeRed = await startNodeRed(folder, bench.folder("node-red"), target("/node-red"), TOKEN);
  const headers = { "x-token": TOKEN };
  const other = (/** @type {number} */ port) => ({ port, path: "/hook", secrets: {}, headers });

  const variants = (/** @type {import("./end-to-end.mjs").Flow} */ how) => ({
    hookgate_outbox: () => flow(bench, "Hookgate, outbox", { ...outbox, headers }, how),
    hookgate_queue: () => flow(bench, "Hookgate, queue", { ...queue, headers }, how),
    node_red: () => flow(bench, "Node-RED", other(nodeRed.port), { ...how, floor: true }),
    express: () => flow(bench, "Express", other(express.port), { ...how, floor: true }),
  });
  try {
    await interleave(1, variants({ count: plan.peer_events }));
    const fast = await interleave(plan.peer_rounds, variants({ count: plan.peer_events }));
    const calm = await interleave(
      plan.peer_rounds,
      variants({ count: plan.paced_events, connections: 4, interval_ms: PACE_MS }),
    );
    const versions = { node_red: versionIn(folder, "node-red"), express: versionIn(folder, "express") };
    return Object.fromEntries(
      Object.entries(PROMISES).map(([name, promises]) => {
        const rounds = new Map(Object.entries(fast)).get(name) ?? [];
        const paced = new Map(Object.entries(calm)).get(name) ?? [];
        const version = new Map(Object.entries(versions)).get(name) ?? "this";
        return [name, { version, ...summary(rounds, paced), ...promises }];
      }),
    );
  } finally {
    await Promise.all([express.stop(), nodeRed.stop()]);
  }
}

/** @param {Flowed[]} fast @param {Flowed[]} calm */
function summary(fast, calm) {
  return {
    accepted_per_second: rounded(median(fast.map((round) => round.accepted_per_second))),
    deliveries_per_second: rounded(median(fast.map((round) => round.deliveries_per_second))),
    p50_ms_at_10_per_second: rounded(median(calm.map(({ latencies }) => percentile(latencies, 50)))),
  };
}
