import { spawn } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from "miniflare";
import { freePort } from "../drive/gateway.mjs";

// When its input ends (because this process is gone), ends the processes whose ids were written as `+id` and not removed by `-id`.
const WATCH = `trap '' INT TERM HUP; live=' '
while read -r line; do id=\${line#?}; case $line in +*) live="$live$id ";; -*) live="\${live%% $id *} \${live#* $id }";; esac; done
for id in $live; do kill -KILL "$id"; done`;

const QUIET_SAMPLES = 2;
const SAMPLE_MS = 100;
const MAX_QUIET_MS = 20_000;
const MS_PER_TICK = 10;

/** @type {import("node:child_process").ChildProcess | null} */
let watchdog = null;
/** @type {number | undefined} */
let lastRuntime;
/** @type {string[]} */
let complaints = [];

/** Makes sure that no runtime outlives this process. Call it before the first one starts. */
export function watchRuntimes() {
  if (process.platform !== "win32") {
    watchdog = spawn("/bin/sh", ["-c", WATCH], { stdio: ["pipe", "ignore", "ignore"] });
    watchdog.unref();
    watchdog.on("error", () => {});
    watchdog.stdin?.on("error", () => {});
  }
  subscribe("child_process", (message) => {
    const child = /** @type {{ process: import("node:child_process").ChildProcess }} */ (message).process;
    child.once("spawn", () => {
      if (!basename(child.spawnfile).startsWith("workerd")) return;
      lastRuntime = child.pid;
      endWithUs(child);
    });
  });
}

/**
 * Makes sure that a process ends with this one, even if this one is killed.
 * @param {import("node:child_process").ChildProcess} child
 */
export function endWithUs(child) {
  watchdog?.stdin?.write(`+${child.pid}\n`);
  child.once("exit", () => watchdog?.stdin?.write(`-${child.pid}\n`));
}

/** Forgets those that hold a text, because they are as they should be. @param {string} part */
export function expectComplaints(part) {
  complaints = complaints.filter((complaint) => !complaint.includes(part));
}

/** Returns the warnings and errors that Workers have logged since the last call. */
export function takeComplaints() {
  const taken = complaints;
  complaints = [];
  return taken;
}

/** @param {number | undefined} pid @returns {number | null} the CPU time that a process has had, in ms; null where that cannot be read */
function cpuMsOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  } catch {
    return null;
  }
}

/** @typedef {Awaited<ReturnType<typeof startRuntime>>} Runtime */

/**
 * Starts a runtime for one Worker, with a direct socket of workerd.
 * @param {import("miniflare").V4WorkerOptions} worker
 * @param {string} state the folder that keeps its state
 */
export async function startRuntime(worker, state) {
  const port = await freePort();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...worker,
      unsafeDirectSockets: [{ host: "127.0.0.1", port }],
      host: "127.0.0.1",
      port: 0,
      resourcePersistencePath: state,
      cf: false,
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: ({ level, message }) => {
        if (level === "error" || level === "warn") complaints.push(message);
      },
    }),
  );
  await miniflare.ready;
  const pid = lastRuntime;
  const stop = () => miniflare.dispose();
  running.add(stop);

  return {
    port,
    miniflare,
    cpuMs: () => cpuMsOf(pid),
    /** Waits until the runtime is idle, so that queued work is not counted in the next round. */
    async quiet() {
      let quietFor = 0;
      let before = cpuMsOf(pid);
      for (let waited = 0; waited < MAX_QUIET_MS && quietFor < QUIET_SAMPLES; waited += SAMPLE_MS) {
        await sleep(SAMPLE_MS);
        const after = cpuMsOf(pid);
        quietFor = (after ?? 0) - (before ?? 0) <= MS_PER_TICK ? quietFor + 1 : 0;
        before = after;
      }
    },
    async stop() {
      running.delete(stop);
      await stop();
    },
  };
}

/** @type {Set<() => Promise<void>>} */
const running = new Set();

/** Stops every runtime that is still running. */
export async function stopRuntimes() {
  const stops = [...running];
  running.clear();
  await Promise.all(stops.map((stop) => stop()));
}
