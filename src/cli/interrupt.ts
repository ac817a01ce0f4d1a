const UNKNOWN = "The request was sent, and whether it took effect is not known.\n";
const WAITING = "\nWaiting for the gateway's response. Press Ctrl+C again to stop waiting.\n";
const EXIT_FAILURE = 1;

/** Handles SIGINT and SIGTERM: the first one asks the command to end, the second one ends the process. */
export class Interrupt {
  readonly #controller = new AbortController();
  #changes = 0;

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
        if (this.#changes > 0) process.stderr.write(UNKNOWN);
        process.exit(EXIT_FAILURE);
      }
      if (this.#changes > 0) process.stderr.write(WAITING);
      this.#controller.abort();
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
  }

  /** Runs a change of the gateway, which a signal does not interrupt. */
  async whileChanging<T>(work: () => Promise<T>): Promise<T> {
    this.#changes++;
    try {
      return await work();
    } finally {
      this.#changes--;
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
