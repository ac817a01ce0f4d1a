import { spawn } from "node:child_process";

// Reads lines "+ PID" and "- PID", and when its input ends, ends the processes that were named and not taken back.
const WATCH = `trap '' INT TERM HUP
pids=' '
while read -r sign pid; do
  case "$sign" in
    +) pids="$pids$pid " ;;
    -) pids=$(printf '%s' "$pids" | sed "s/ $pid / /") ;;
  esac
done
for pid in $pids; do kill -KILL "$pid" 2>/dev/null; done`;

/** @typedef {{ add: (pid: number) => void, remove: (pid: number) => void, end: () => void }} Watchdog */

/**
 * Starts a shell that ends processes with this one, even if this one is killed outright: a process in an endless loop does not
 * see that its input has ended.
 * @returns {Watchdog}
 */
export function startWatchdog() {
  if (process.platform === "win32") return { add: () => {}, remove: () => {}, end: () => {} };
  const shell = spawn("/bin/sh", ["-c", WATCH], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  shell.unref();
  shell.on("error", () => {});
  shell.stdin.on("error", () => {});
  const handle = /** @type {{ unref?: () => void }} */ (shell.stdin);
  handle.unref?.();
  return {
    add: (pid) => void shell.stdin.write(`+ ${pid}\n`),
    remove: (pid) => void shell.stdin.write(`- ${pid}\n`),
    end: () => void shell.stdin.end(),
  };
}
