import type { Random } from "./random.ts";

type Held = { readonly id: string; readonly body: unknown; readonly due_ms: number; readonly attempts: number };

export type Taken = {
  readonly batch: MessageBatch;
  /** Puts back what was to be retried, as the queue does once the consumer is done; all of it where the consumer died. */
  readonly settle: (nowMs: number, isDead: boolean) => void;
};

/** A queue that keeps no order, hands a message over twice now and then, and never loses one. */
export class SimulatedQueue {
  #held: Held[] = [];
  #count = 0;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  get size(): number {
    return this.#held.length;
  }

  put(body: unknown, dueMs: number, attempts = 1): void {
    this.#count += 1;
    // As it would arrive: nothing in it is shared with the sender.
    this.#held.push({ id: `message-${this.#count}`, body: structuredClone(body), due_ms: dueMs, attempts });
  }

  clear(): void {
    this.#held = [];
  }

  /** A batch of what is due, in any order; `again` lets some of it be handed over once more later. */
  take(nowMs: number, queue: string, again: boolean): Taken | null {
    const due = this.#held.filter(({ due_ms }) => due_ms <= nowMs);
    const some = due.filter(() => this.#random() < 0.8).toSorted(() => this.#random() - 0.5);
    const taken = (some.length === 0 ? due : some).slice(0, 10);
    if (taken.length === 0) return null;
    this.#held = this.#held.filter((each) => !taken.includes(each));
    const retried = new Map<string, number>();
    const acked = new Set<string>();
    const messages = taken.map(({ id, body, attempts }): Message => ({
      id,
      body,
      attempts,
      timestamp: new Date(nowMs),
      ack: () => {
        if (!retried.has(id)) acked.add(id);
      },
      retry: (options) => {
        if (!acked.has(id) && !retried.has(id)) retried.set(id, options?.delaySeconds ?? 0);
      },
    }));
    const batch: MessageBatch = {
      queue,
      messages,
      metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } },
      ackAll: () => {},
      retryAll: () => {},
    };
    return {
      batch,
      settle: (later, isDead) => {
        for (const { id, body, attempts } of taken) {
          const delay = retried.get(id);
          if (isDead) this.put(body, later, attempts + 1);
          else if (delay !== undefined) this.put(body, later + delay * 1_000, attempts + 1);
          else if (again && this.#random() < 0.05) this.put(body, later, attempts + 1);
        }
      },
    };
  }
}
