import { contextOf, forgetContext, type Context } from "../../src/context.ts";
import { asShard } from "../../src/platform/shards.ts";
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { enqueueReplay } from "../../src/delivery/replay/replay-step.ts";
import { replayEvent, retryByHand } from "../../src/delivery/replay/replay.ts";
import { accept } from "../../src/ingest/accept.ts";
import type { Action, EventMessage } from "../../src/model/event.ts";
import { consumeDeliveries } from "../../src/pipeline/consume-deliveries.ts";
import { consumeEvents } from "../../src/pipeline/consume-events.ts";
import { insertReplay } from "../../src/storage/pipeline/replays.ts";
import { START_CRON } from "../../src/maintenance/maintenance.ts";
import { maintain } from "../support/maintenance.ts";
import type { Env } from "../../src/platform/bindings.ts";
import { faultyDatabase } from "../support/faulty-database.ts";
import { eventMessage, storedEvents } from "../support/world.ts";
import { type Random, pick } from "./random.ts";
import { Receivers } from "./receivers.ts";
import { SimulatedQueue } from "./simulated-queue.ts";
import { checkMessages } from "../support/strict-platform/install.ts";
import { asInvocation } from "../support/strict-platform/invocation.ts";
import { PAID } from "../support/strict-platform/limits.ts";
import { tables } from "../support/tables.ts";

/** How a gateway's queues outlive it: those of the platform do, those of `npm start` do not. */
export type Kind = "edge" | "local";

class Killed extends Error {}

/**
 * A gateway on one machine whose parts fail: its database, queues, object store and receivers fail as a schedule of random
 * faults says, messages come late, twice and out of order, and the process is killed and started again.
 */
export class Simulation {
  readonly kind: Kind;
  readonly receivers: Receivers;
  readonly events: SimulatedQueue;
  readonly deliveries: SimulatedQueue;
  /** Events that were answered 200, and whether the outbox has them. */
  readonly accepted = new Map<string, { readonly message: EventMessage; readonly isKept: boolean }>();
  readonly offered: EventMessage[] = [];
  /** What somebody asked to be replayed: events by themselves, and replays in bulk that are on record. */
  readonly replays: string[] = [];
  /** What was sent to the EVENTS queue, and whether that lost it. */
  readonly sent: { readonly body: unknown; readonly isLost: boolean }[] = [];
  /** How likely the EVENTS queue loses a message that ingest sends, which a queue of the platform should not. */
  loss = 0;
  readonly #random: Random;
  /** Whether anything fails at all. */
  #faults = true;
  /** Processes are counted; what an earlier one still does comes to nothing. */
  #process = 0;
  #shift = 0;
  /** After so many more calls of the database the process dies; 0 where it lives on. */
  #callsToLive = 0;

  constructor(kind: Kind, random: Random) {
    this.kind = kind;
    this.#random = random;
    this.events = new SimulatedQueue(random);
    this.deliveries = new SimulatedQueue(random);
    this.receivers = new Receivers(random, (probability) => this.#isDue(probability));
    this.#boot();
  }

  now(): number {
    return Date.now() + this.#shift;
  }

  pass(ms: number): void {
    this.#shift += ms;
  }

  /** Lets nothing fail any more. */
  heal(): void {
    this.#faults = false;
  }

  #isDue(probability: number): boolean {
    return this.#faults && this.#random() < probability;
  }

  #loses(target: SimulatedQueue, body: unknown): boolean {
    if (target !== this.events) return false;
    const isLost = this.#isDue(this.loss);
    this.sent.push({ body, isLost });
    return isLost;
  }

  #env: Env = env;

  #boot(): void {
    this.#process += 1;
    const own = this.#process;
    const guard = async <T>(probability: number, call: () => Promise<T>): Promise<T> => {
      if (own !== this.#process) throw new Killed("this process is gone");
      if (this.#isDue(probability)) throw new Error("not available");
      const result = await call();
      if (own !== this.#process) throw new Killed("this process is gone");
      if (this.#isDue(probability)) throw new Error("the answer was lost");
      return result;
    };
    const queue = (target: SimulatedQueue): Queue => ({
      metrics: () => Promise.resolve({ backlogCount: 0, backlogBytes: 0 }),
      send: async (body, options) => {
        checkMessages([{ body, options }]);
        await guard(0.1, async () => target.put(body, this.now() + (options?.delaySeconds ?? 0) * 1_000));
        return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
      },
      sendBatch: async (messages) => {
        checkMessages([...messages].map((message) => ({ body: message.body, options: message })));
        await guard(0.1, async () => {
          for (const { body, delaySeconds } of messages) {
            if (!this.#loses(target, body)) target.put(body, this.now() + (delaySeconds ?? 0) * 1_000);
          }
        });
        return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
      },
    });
    const DB = faultyDatabase(() => {
      if (own !== this.#process) return "before";
      if (this.#callsToLive > 0) {
        this.#callsToLive -= 1;
        if (this.#callsToLive === 0) this.#process += 1;
        if (own !== this.#process) return this.#random() < 0.5 ? "before" : "after";
      }
      if (!this.#isDue(0.12)) return "none";
      return this.#random() < 0.5 ? "before" : "after";
    });
    this.#env = {
      ...env,
      ACCEPT_DURABILITY: this.kind === "local" ? "outbox" : "queue",
      DB,
      // Every call that is made of it can fail, before it took effect or after.
      BODIES: new Proxy(env.BODIES, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== "function") return member;
          return (...values: unknown[]) => guard(0.2, async () => await Reflect.apply(member, target, values));
        },
      }),
      EVENTS: queue(this.events),
      DELIVERIES: queue(this.deliveries),
    };
    forgetContext();
    contextOf(this.#env);
  }

  get context(): Context {
    return { ...contextOf(this.#env), clock: () => this.now(), random: this.#random };
  }

  /** A sender's webhook, as far as it being made durable; now and then one that is sent again, or too large for a queue. */
  async offer(action: Action, key: string): Promise<void> {
    const [first, ...others] = this.offered;
    const again = first !== undefined && this.#random() < 0.15 ? pick(this.#random, [first, ...others]) : null;
    const repeat_key = again?.repeat_key ?? (this.#random() < 0.3 ? `sent-${this.offered.length}` : null);
    const fresh = eventMessage(action, key, repeat_key === null ? {} : { repeat_key });
    const message = again?.repeat_key ? { ...fresh, content: again.content } : withFiller(fresh, this.#random() < 0.08);
    this.offered.push(message);
    const own = this.#process;
    const isTaken = await asInvocation(PAID, () => accept(contextOf(this.#env), [message]));
    if (!isTaken || own !== this.#process) return;
    const isKept = (await tables.outbox.count({ id: message.id })) > 0;
    this.accepted.set(message.id, { message, isKept });
  }

  /** Somebody has something sent again; where that is answered with an error nothing is promised. */
  async replay(): Promise<void> {
    await asInvocation(PAID, () => this.#replay());
  }

  async #replay(): Promise<void> {
    const [first, ...others] = (await storedEvents()).filter(({ deliveries }) => deliveries.length > 0);
    if (first === undefined) return;
    const { id, deliveries } = pick(this.#random, [first, ...others]);
    const [delivery] = deliveries;
    if (delivery === undefined) return;
    const at = new Date(this.now()).toISOString();
    const replayId = contextOf(this.#env).mint("rpl").id;
    const chance = this.#random();
    try {
      if (chance < 0.3) await retryByHand(this.context, delivery);
      else if (chance < 0.6) {
        const { destination_id, route_id } = delivery;
        await replayEvent(this.context, id, [{ destination_id, route_id, replay_of: delivery.id }], replayId);
        this.replays.push(replayId);
      } else {
        const all = {
          destination_id: null,
          integration_id: null,
          route_id: null,
          delivery_ids: null,
          from: null,
          to: null,
        };
        const filter = { ...all, status: ["delivered"] } as const;
        const counts = { count: 0, count_is_exact: true, replayed: 0, failed: 0, position: "", rate_per_second: 5 };
        const row = { id: replayId, filter, status: "running", ...counts, created_at: at, updated_at: at } as const;
        await insertReplay(asShard(this.#env.DB), row, []);
        await enqueueReplay(this.context, replayId, 0);
      }
    } catch {
      // The call was answered with an error.
    }
  }

  /** Has the process die in the midst of what it does next; `kill` starts it again. */
  dieAfter(calls: number): void {
    this.#callsToLive = calls;
  }

  /** The process dies, and is started again. */
  async kill(): Promise<void> {
    this.#callsToLive = 0;
    this.#boot();
    if (this.kind === "local") {
      this.events.clear();
      this.deliveries.clear();
      // What the outbox could not take was in the queue alone, and is the price that the contract names.
      for (const [id, { isKept }] of this.accepted) {
        if (isKept) continue;
        const known = (await tables.events.count({ id })) + (await tables.outbox.count({ id }));
        if (known === 0) this.accepted.delete(id);
      }
      await this.runMaintenance(START_CRON);
    }
  }

  async runMaintenance(cron = "* * * * *"): Promise<void> {
    await maintain(contextOf(this.#env), cron, this.now());
  }

  /** Has a consumer take a batch of what is due. */
  async consume(which: "events" | "deliveries"): Promise<void> {
    const queue = this[which];
    const batch = queue.take(this.now(), `hookgate-${which}`, this.kind === "edge");
    if (batch === null) return;
    const own = this.#process;
    const ctx = createExecutionContext();
    const context = this.context;
    await asInvocation(PAID, async () => {
      if (which === "events") await consumeEvents(context, batch.batch, ctx);
      else await consumeDeliveries(context, batch.batch, ctx);
      await waitOnExecutionContext(ctx);
    });
    batch.settle(this.now(), own !== this.#process);
  }
}

/** The same event, too large for a message where that is wanted. */
function withFiller(message: EventMessage, isLarge: boolean): EventMessage {
  if (!isLarge) return message;
  const { content } = message;
  const request = { ...content.request, headers: { "x-filler": "x".repeat(125_000) } };
  return { ...message, content: { ...content, request } };
}
