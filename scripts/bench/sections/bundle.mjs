import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildWorker, gzippedKb } from "../../build/worker.mjs";
import { freePort } from "../../drive/gateway.mjs";
import { median, medianRatio } from "../numbers.mjs";
import { interleave } from "../rounds.mjs";

const ANSWER_WITHIN_MS = 30_000;

/** The runtime that Miniflare starts. @returns {string} */
function workerd() {
  const ofMiniflare = createRequire(createRequire(import.meta.url).resolve("miniflare"));
  return ofMiniflare("workerd").default;
}

/** @param {number} port @returns {Promise<boolean>} */
function answers(port) {
  return new Promise((resolve) => {
    const asked = request({ host: "127.0.0.1", port, path: "/health", agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on("error", () => resolve(false));
    asked.end();
  });
}

/**
 * Returns the ms from spawning the runtime with this Worker to its first response.
 * @param {string} folder
 * @param {import("../../build/worker.mjs").Module[]} modules
 * @param {import("miniflare").V4WorkerOptions} worker
 */
async function startUp(folder, modules, { compatibilityDate, compatibilityFlags = [] }) {
  const port = await freePort();
  const flags = compatibilityFlags.map((flag) => JSON.stringify(flag)).join(", ");
  const file = join(folder, "config.capnp");
  for (const { path, contents } of modules) writeFileSync(join(folder, path), contents);
  const embedded = modules.map(({ path }) => `(name = "${path}", esModule = embed "${path}")`).join(", ");
  writeFileSync(
    file,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .main) ],
  sockets = [ (name = "http", address = "127.0.0.1:${port}", http = (), service = "main") ],
);
const main :Workerd.Worker = (
  modules = [ ${embedded} ],
  compatibilityDate = ${JSON.stringify(compatibilityDate)},
  compatibilityFlags = [${flags}],
);
`,
  );
  const began = performance.now();
  const child = spawn(workerd(), ["serve", file], { stdio: "ignore" });
  const ended = once(child, "exit");
  try {
    while (!(await answers(port))) {
      if (child.exitCode !== null) throw new Error("The runtime did not start.");
      if (performance.now() - began > ANSWER_WITHIN_MS) throw new Error("The runtime did not answer.");
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return performance.now() - began;
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

/** Size and start-up. @param {import("../gateway.mjs").Bench} bench */
export async function measureBundle(bench) {
  const { worker } = bench.config;
  const entry = fileURLToPath(new URL("../workers/hono.mjs", import.meta.url));
  const hono = await buildWorker(bench.root, bench.folder("hono"), entry);
  const { modules, ingest } = bench.built;
  const own = bench.folder("start-own");
  const bare = bench.folder("start-hono");
  const variants = { own: () => startUp(own, modules, worker), bare: () => startUp(bare, hono.modules, worker) };
  await interleave(1, variants);
  const rounds = await interleave(bench.plan.startups, variants);
  const [ownMs, bareMs] = [median(rounds.own), median(rounds.bare)];
  bench.note(`Start-up to the first answer: ${ownMs.toFixed(0)} ms, bare Hono ${bareMs.toFixed(0)} ms.`);
  return {
    ingest_gzip_kb: gzippedKb(ingest),
    gzip_kb: gzippedKb(modules),
    startup_ratio_to_bare_hono: medianRatio(rounds.own, rounds.bare),
  };
}
