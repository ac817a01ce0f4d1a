import { env } from "cloudflare:workers";
import worker from "../../src/index.ts";

// The runtime's own consumers take what tests put into the real queues, while the tests go on. A message outlives a reset of the
// storage: what one test leaves in a queue would be written into the database of the next one.

const LOOK_EVERY_MS = 5;
/** Some 20 seconds: a consumer that a test keeps from ending is not waited for. A count, because a test may hold the clock. */
const MAX_LOOKS = 4_000;

let running = 0;
/** The messages that have not reached a consumer yet. Those with a delay are not counted. */
let underWay = 0;

function isDelayed(options: unknown): boolean {
  return Number(Reflect.get(Object(options), "delaySeconds") ?? 0) > 0;
}

/** Returns the number of messages without a delay: the arguments are those of `send` or `sendBatch`. */
function countOf(name: "send" | "sendBatch", [sent, options]: readonly unknown[]): number {
  if (isDelayed(options)) return 0;
  const messages: readonly unknown[] = name === "sendBatch" && Array.isArray(sent) ? sent : [null];
  return messages.filter((message) => !isDelayed(message)).length;
}

function countMessages(name: "send" | "sendBatch"): void {
  const queue: object = Object.getPrototypeOf(env.EVENTS);
  const original: unknown = Reflect.get(queue, name);
  if (typeof original !== "function") throw new Error(`A queue has no ${name}.`);
  Reflect.defineProperty(queue, name, {
    configurable: true,
    writable: true,
    async value(...values: unknown[]): Promise<unknown> {
      const count = countOf(name, values);
      underWay += count;
      try {
        return await Reflect.apply(original, this, values);
      } catch (error) {
        underWay -= count;
        throw error;
      }
    },
  });
}

countMessages("send");
countMessages("sendBatch");

const consume = worker.queue;
worker.queue = async (...values) => {
  const [{ messages }] = values;
  // A message that comes again was counted when it came first.
  underWay = Math.max(0, underWay - messages.filter(({ attempts }) => attempts === 1).length);
  running += 1;
  try {
    await consume(...values);
  } finally {
    running = Math.max(0, running - 1);
  }
};

/** Waits until what is in the real queues without a delay is consumed, and what that puts into them. */
export async function finishConsuming(): Promise<void> {
  for (let look = 0; look < MAX_LOOKS && underWay + running > 0; look++) await scheduler.wait(LOOK_EVERY_MS);
  underWay = 0;
  running = 0;
}
