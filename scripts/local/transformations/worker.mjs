import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { cpuMsOf, residentBytesOf } from "./usage.mjs";

/**
 * A call, whose input is a JSON text, and its answer as the gateway reads it.
 * @typedef {{ code: string, input: string, context: { now: string, seed: string } }} Call
 * @typedef {{ ok: true, value: string, logs: string[], cpu_ms: number | null } | { ok: false, fault: { code: string, message: string, line: number | null }, logs: string[] }} Answer
 */

const CHILD = fileURLToPath(new URL("./child.mjs", import.meta.url));
const FLAGS = [
  "--permission",
  "--disallow-code-generation-from-strings",
  "--frozen-intrinsics",
  "--experimental-vm-modules",
  "--no-warnings",
  "--max-old-space-size=128",
];

/** How often a process that runs a call is looked at. */
const LOOK_EVERY_MS = 10;
/** The CPU of a call beyond which its process is ended: that of the code, and what reading the call and its realm take. */
const MAX_CPU_MS = 90;
const READING_MS_PER_BYTE = 60 / 1e6;
/** Where the system does not say how much CPU a process has used, a call that has not ended after this time is ended. */
const MAX_BLIND_MS = 500;
/**
 * Code has nothing to wait for, so a call that has neither ended nor used up its CPU by now waits for the machine. That is no fault of
 * the code. It is given up before the gateway gives it up.
 */
const MAX_STARVED_MS = 8_000;
/** A process holds some 60 MB before it has run anything. */
const MAX_RESIDENT_BYTES = 400 * 1024 * 1024;
/** How a process ends that V8 or the system refuses more memory. */
const OUT_OF_MEMORY = new Set(["SIGABRT", "SIGTRAP", "SIGKILL", "SIGILL", "SIGSEGV"]);

/** @param {string} code @param {string} message @returns {Answer} */
export function failed(code, message) {
  return { ok: false, fault: { code, message, line: null }, logs: [] };
}

const TOO_BUSY = failed("unavailable", "The machine is too busy to run the code.");

/**
 * Lets this process end while these are open.
 * @param {readonly object[]} handles
 */
function letGo(...handles) {
  for (const handle of handles) /** @type {{ unref?: () => void }} */ (handle).unref?.();
}

/** A process that runs calls, one at a time. It is of no use any more once `isDead` is true. */
export class Worker {
  #child;
  /** @type {((answer: Answer) => void) | null} */
  #answer = null;
  /** @type {Answer | null} the reason for which it was ended */
  #verdict = null;
  /** @type {Buffer[]} */
  #parts = [];
  /** Settles when the process has started, or has ended before that. */
  #ready = Promise.withResolvers();
  #isReady = false;
  isDead = false;

  /**
   * @param {string} harness the source text of the harness
   * @param {import("./watchdog.mjs").Watchdog} watchdog
   */
  constructor(harness, watchdog) {
    // The time zone and the language are those of Cloudflare.
    const env = /** @type {any} */ ({ TZ: "UTC", LANG: "en_US.UTF-8" });
    const child = spawn(process.execPath, [...FLAGS, CHILD], { stdio: ["pipe", "pipe", "ignore"], env });
    this.#child = child;
    letGo(child, child.stdin, child.stdout);
    const pid = child.pid;
    if (pid !== undefined) watchdog.add(pid);
    child.on("error", () => this.#end(failed("unavailable", "A process for transformations could not be started.")));
    child.once("exit", (_code, signal) => {
      if (pid !== undefined) watchdog.remove(pid);
      const isOutOfMemory = signal !== null && OUT_OF_MEMORY.has(signal);
      this.#end(
        isOutOfMemory
          ? failed("memory_limit", "The call took more than 128 MB of memory.")
          : failed("exception", "The code ended its process."),
      );
    });
    child.stdin.on("error", () => {});
    child.stdout.on("data", (/** @type {Buffer} */ chunk) => this.#take(chunk));
    child.stdin.write(`${JSON.stringify({ harness })}\n`);
  }

  get pid() {
    return this.#child.pid;
  }

  /**
   * Runs a call. Never rejects.
   * @param {Call} call
   * @returns {Promise<Answer>}
   */
  async run(call) {
    if (this.isDead) return failed("unavailable", "The process for transformations has ended.");
    const { promise, resolve } = Promise.withResolvers();
    this.#answer = resolve;
    const line = JSON.stringify(call);
    const starting = setTimeout(() => this.#stop(TOO_BUSY), MAX_STARVED_MS);
    await this.#ready.promise;
    clearTimeout(starting);
    const stop = this.#watch(line.length);
    this.#child.stdin.write(`${line}\n`);
    const answer = await promise;
    stop();
    return answer;
  }

  kill() {
    this.isDead = true;
    this.#child.kill("SIGKILL");
  }

  /** @param {number} bytes */
  #watch(bytes) {
    const { pid } = this.#child;
    const startedAt = performance.now();
    const before = pid === undefined ? null : cpuMsOf(pid);
    const maxCpuMs = MAX_CPU_MS + bytes * READING_MS_PER_BYTE;
    const timer = setInterval(() => {
      const ms = performance.now() - startedAt;
      const used = pid === undefined || before === null ? null : cpuMsOf(pid);
      const isBlind = used === null || before === null;
      const isOverCpu = isBlind ? ms > MAX_BLIND_MS : used - before > maxCpuMs;
      const resident = pid === undefined ? null : residentBytesOf(pid);
      if (resident !== null && resident > MAX_RESIDENT_BYTES) {
        this.#stop(failed("memory_limit", "The call took more than 128 MB of memory."));
      } else if (isOverCpu) this.#stop(failed("cpu_limit", "The call took more than 50 ms of CPU."));
      else if (ms > MAX_STARVED_MS) {
        this.#stop(TOO_BUSY);
      }
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }

  /** @param {Answer} verdict */
  #stop(verdict) {
    this.#verdict ??= verdict;
    this.kill();
  }

  /** @param {Answer} answer */
  #end(answer) {
    this.isDead = true;
    this.#ready.resolve(undefined);
    this.#answer?.(this.#verdict ?? answer);
    this.#answer = null;
  }

  /** @param {Buffer} chunk */
  #take(chunk) {
    if (!this.#isReady) {
      this.#isReady = true;
      this.#ready.resolve(undefined);
      return;
    }
    this.#parts.push(chunk);
    if (chunk.at(-1) !== 10) return;
    const text = Buffer.concat(this.#parts).toString();
    this.#parts = [];
    try {
      this.#answer?.(this.#verdict ?? JSON.parse(text));
      this.#answer = null;
    } catch {
      this.#stop(failed("exception", "The process of the code returned no result."));
    }
  }
}
