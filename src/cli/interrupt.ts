const UNKNOWN = "The request was sent, and whether it took effect is not known.";
const WAITING = "\nWaiting for the gateway's response. Press Ctrl+C again to stop waiting.\n";
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const EXIT_FAILURE = 1;

/** Handles signals: the first one asks the command to end, the second one ends the process. */
class Interrupt {
  readonly #controller = new AbortController();
  /** For each change that runs, how to find out later whether it took effect. */
  readonly #changes = new Map<symbol, string>();

  /** Is aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  happened(): boolean {
    return this.#controller.signal.aborted;
  }

  listen(): void {
    const onSignal = (): void => {
      if (this.happened()) {
        for (const check of this.#changes.values()) process.stderr.write(`\n${UNKNOWN} ${check}\n`);
        process.exit(EXIT_FAILURE);
      }
      if (this.#changes.size > 0) process.stderr.write(WAITING);
      this.end();
    };
    for (const signal of SIGNALS) process.on(signal, onSignal);
  }

  /** Asks the command to end, as the first signal does. */
  end(): void {
    this.#controller.abort();
  }

  /** Runs a change of the gateway, which a signal does not interrupt. `check` says how to find out whether it took effect. */
  async whileChanging<T>(work: () => Promise<T>, check = "Look before you run the command again."): Promise<T> {
    const change = Symbol("change");
    this.#changes.set(change, check);
    try {
      return await work();
    } finally {
      this.#changes.delete(change);
    }
  }

  /** Waits. Ends early if the command is interrupted. */
  async sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(stop, ms);
      const { signal } = this;
      function stop(): void {
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
        resolve();
      }
      signal.addEventListener("abort", stop);
      if (signal.aborted) stop();
    });
  }
}

/** The signals of this process. */
export const interrupt = new Interrupt();
export type { Interrupt };
