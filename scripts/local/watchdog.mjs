import { spawn } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { basename } from "node:path";

// Reads process ids, one a line, and ends the last one named when its input ends: that is, when whoever wrote them is gone.
const WATCH = `trap '' INT TERM HUP; last=; while read -r pid; do last=$pid; done; [ -z "$last" ] || kill -KILL "$last"`;

/**
 * Sees to it that the Workers runtime ends with this process even where this process is killed outright: it would
 * otherwise live on, holding the port and the database. Call it before the runtime is started.
 */
export function endRuntimeWithUs() {
  if (process.platform === "win32") return;
  const watchdog = spawn("/bin/sh", ["-c", WATCH], { stdio: ["pipe", "ignore", "ignore"] });
  watchdog.unref();
  watchdog.on("error", () => {});
  watchdog.stdin.on("error", () => {});
  subscribe("child_process", (message) => {
    const child = /** @type {{ process: import("node:child_process").ChildProcess }} */ (message).process;
    child.once("spawn", () => {
      if (basename(child.spawnfile).startsWith("workerd")) watchdog.stdin.write(`${child.pid}\n`);
    });
  });
}

const LOOK_EVERY_MS = 500;

/**
 * Calls back once the shell that npm started this process in is gone: npm passes a SIGTERM on to that shell,
 * and not every shell passes it on to us.
 * @param {() => void} callback
 */
export function onOrphaned(callback) {
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, LOOK_EVERY_MS);
  timer.unref();
}
