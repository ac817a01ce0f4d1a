import type { Failure } from "./result.ts";

/** Waits by the platform's timer. */
export async function sleep(ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Waits for `work`, but rejects when the signal is aborted, even if `work` ignores the signal. */
export async function abortable<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(new Error("aborted"));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** The text of an error and of its causes. Node describes why a connection failed in the cause only. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`;
}

/** The end of a call: its time-out or the caller's signal. */
export type Deadline = {
  readonly signal: AbortSignal;
  /** The failure of a call that ended with this error. */
  readonly failureOf: (error: unknown) => Failure;
};

export function createDeadline(timeoutMs: number, own: AbortSignal | undefined): Deadline {
  const timeout = AbortSignal.timeout(timeoutMs);
  return {
    signal: own === undefined ? timeout : AbortSignal.any([timeout, own]),
    failureOf(error) {
      if (own?.aborted === true) return { kind: "network", reason: "aborted", message: "The call was aborted." };
      if (!timeout.aborted) return { kind: "network", reason: "failed", message: messageOf(error) };
      return { kind: "network", reason: "timed_out", message: `The call took longer than ${timeoutMs} ms.` };
    },
  };
}
