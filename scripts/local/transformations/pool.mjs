import { createHash } from "node:crypto";
import { startWatchdog } from "./watchdog.mjs";
import { residentBytesOf } from "./usage.mjs";
import { Worker, failed } from "./worker.mjs";

/** @typedef {import("./worker.mjs").Call} Call @typedef {import("./worker.mjs").Answer} Answer */

const MAX_PROCESSES = 4;
/** One transformation runs in so many processes at a time, so that others find a free one. */
const MAX_PROCESSES_OF_ONE = 2;
/** All transformations that were stopped lately share so many processes. */
const MAX_PROCESSES_OF_STOPPED = 2;
/** How long a transformation whose call was stopped counts as such. */
const STOPPED_MS = 30_000;
const MAX_STOPPED = 1_000;
/** So many calls wait, at most. */
const MAX_WAITING = 2_000;
/** A process that has had nothing to do for so long ends. */
const IDLE_MS = 30_000;
/**
 * A process is replaced after so many calls: Node never collects a module, nor the realm that it is in, some 0.35 MB
 * (https://github.com/nodejs/node/issues/59118). Of 1,000 calls on a busy machine, 160 a second ended with this number and 45 with 5,000.
 */
const MAX_CALLS = 100;
/** It is also replaced after a call that leaves it with more memory, for example with a table of the module. It begins with some 66 MB. */
const MAX_LEFT_BYTES = 120 * 1024 * 1024;

const CLOSED = failed("unavailable", "The gateway ends.");

/** @typedef {{ key: string, isAgain: boolean, needsFresh: boolean, call: Call, resolve: (answer: Answer) => void }} Waiting */
/** @typedef {{ worker: Worker, calls: number, key: string | null, idleSince: number }} Slot the key is that of what runs */

/** Runs transformations in processes that it can end. The first call starts the first process. */
export class Pool {
  #harness;
  /** @type {import("./watchdog.mjs").Watchdog | null} */
  #watchdog = null;
  /** @type {Slot[]} */
  #slots = [];
  /** @type {Map<string, Waiting[]>} by transformation, the one that has waited longest for its turn first */
  #waiting = new Map();
  #waitingCount = 0;
  /** @type {Map<string, number>} when a call of a transformation was last stopped */
  #stopped = new Map();
  /** @type {NodeJS.Timeout | null} */
  #idleTimer = null;
  #isClosed = false;

  /** @param {string} harness the source text of the harness */
  constructor(harness) {
    this.#harness = harness;
  }

  /** The ids of the processes. */
  get pids() {
    return this.#slots.flatMap(({ worker: { pid } }) => (pid === undefined ? [] : [pid]));
  }

  /**
   * Runs a call. Never rejects.
   * @param {Call} call
   * @returns {Promise<Answer>}
   */
  run(call) {
    if (this.#isClosed || this.#waitingCount >= MAX_WAITING) {
      return Promise.resolve(failed("unavailable", "Too many calls of transformations wait."));
    }
    const key = createHash("sha256").update(call.code).digest("hex");
    return new Promise((resolve) => {
      const queue = this.#waiting.get(key) ?? [];
      queue.push({ key, call, resolve, isAgain: false, needsFresh: false });
      this.#waiting.set(key, queue);
      this.#waitingCount += 1;
      this.#next();
    });
  }

  /** Ends all processes. */
  close() {
    this.#isClosed = true;
    if (this.#idleTimer !== null) clearInterval(this.#idleTimer);
    for (const { worker } of this.#slots) worker.kill();
    this.#watchdog?.end();
    this.#next();
  }

  /** @param {string} key */
  #wasStopped(key) {
    const at = this.#stopped.get(key);
    return at !== undefined && performance.now() - at < STOPPED_MS;
  }

  /** Whether a transformation may have another process now. @param {string} key */
  #mayRun(key) {
    const busy = this.#slots.flatMap((slot) => (slot.key === null ? [] : [slot.key]));
    const own = busy.filter((other) => other === key).length;
    if (!this.#wasStopped(key)) return own < MAX_PROCESSES_OF_ONE;
    return own === 0 && busy.filter((other) => this.#wasStopped(other)).length < MAX_PROCESSES_OF_STOPPED;
  }

  /** Starts what may be started, in turns by transformation. Once the pool is closed, nothing would end another process. */
  #next() {
    if (this.#isClosed) {
      for (const { resolve } of [...this.#waiting.values()].flat()) resolve(CLOSED);
      this.#waiting.clear();
      return;
    }
    for (let waiting = this.#take(); waiting !== null; waiting = this.#take())
      void this.#runIn(waiting.slot, waiting.first);
  }

  /** Takes the next call that may run, and a process for it. Its transformation comes last then. */
  #take() {
    for (const [key, queue] of this.#waiting) {
      if (!this.#mayRun(key)) continue;
      const slot = this.#freeSlot();
      const first = slot === null ? undefined : queue.shift();
      if (slot === null || first === undefined) return null;
      this.#waitingCount -= 1;
      this.#waiting.delete(key);
      if (queue.length > 0) this.#waiting.set(key, queue);
      return { slot, first };
    }
    return null;
  }

  #freeSlot() {
    this.#slots = this.#slots.filter(({ key, worker }) => key !== null || !worker.isDead);
    const free = this.#slots.find(({ key }) => key === null);
    if (free !== undefined) return free;
    if (this.#slots.length >= MAX_PROCESSES) return null;
    /** @type {Slot} */
    const slot = { worker: this.#newWorker(), calls: 0, key: null, idleSince: 0 };
    this.#slots.push(slot);
    this.#idleTimer ??= setInterval(() => this.#endIdle(), IDLE_MS / 3).unref();
    return slot;
  }

  #newWorker() {
    this.#watchdog ??= startWatchdog();
    return new Worker(this.#harness, this.#watchdog);
  }

  /** @param {Slot} slot @param {Waiting} waiting */
  async #runIn(slot, { key, call, resolve, isAgain, needsFresh }) {
    slot.key = key;
    if (needsFresh && slot.calls > 0) {
      slot.worker.kill();
      slot.worker = this.#newWorker();
      slot.calls = 0;
    }
    slot.calls += 1;
    const answer = await slot.worker.run(call);
    const left = slot.worker.pid === undefined ? null : residentBytesOf(slot.worker.pid);
    if (slot.worker.isDead || slot.calls >= MAX_CALLS || (left ?? 0) > MAX_LEFT_BYTES) {
      slot.worker.kill();
      this.#slots = this.#slots.filter((other) => other !== slot);
    }
    slot.key = null;
    slot.idleSince = performance.now();
    // A virtual machine counts time that it did not get as CPU of the process, and the memory has what earlier calls left. So a first
    // excess is tried again.
    const isOfOthers = !answer.ok && answer.fault.code === "memory_limit" && slot.calls > 1;
    const isDoubtful = isOfOthers || (!answer.ok && answer.fault.code === "cpu_limit");
    if (isDoubtful && !isAgain && !this.#wasStopped(key)) {
      const again = { key, call, resolve, isAgain: true, needsFresh: isOfOthers };
      this.#waiting.set(key, [again, ...(this.#waiting.get(key) ?? [])]);
      this.#waitingCount += 1;
      return this.#next();
    }
    if (!answer.ok && answer.fault.code.endsWith("_limit")) {
      if (this.#stopped.size >= MAX_STOPPED) this.#stopped.clear();
      this.#stopped.set(key, performance.now());
    }
    resolve(answer);
    this.#next();
  }

  #endIdle() {
    const before = performance.now() - IDLE_MS;
    const idle = this.#slots.filter(({ key, idleSince }) => key === null && idleSince < before);
    for (const { worker } of idle) worker.kill();
    this.#slots = this.#slots.filter((slot) => !idle.includes(slot));
  }
}
