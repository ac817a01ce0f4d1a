/** How many events are replayed at the same time. */
const LANES = 4;

type EachOptions = {
  /** Replays one. Returns null, or why the gateway refuses it. Throws if it is unknown whether it was replayed. */
  readonly replay: (id: string) => Promise<string | null>;
  readonly signal: AbortSignal;
  readonly onDone: (id: string, refusal: string | null) => void;
};

/**
 * Replays one after the other, a few at a time. After a failure or an abort it starts no other, and waits for those that are in
 * flight. Rejects with the first failure.
 */
export async function replayEach(ids: readonly string[], { replay, signal, onDone }: EachOptions): Promise<void> {
  const queue = ids.values();
  const failures: unknown[] = [];
  const work = async (): Promise<void> => {
    for (const id of queue) {
      if (signal.aborted || failures.length > 0) return;
      try {
        onDone(id, await replay(id));
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, work));
  if (failures.length > 0) throw failures[0];
}
