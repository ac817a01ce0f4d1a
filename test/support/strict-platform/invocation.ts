import { AsyncLocalStorage } from "node:async_hooks";
import type { InvocationLimits } from "./limits.ts";

/** What an invocation used of its limits. */
export type Usage = {
  subrequests: number;
  d1_queries: number;
  /** The most connections that waited for headers at the same time. */
  max_connections: number;
  /** Calls of our own bindings that waited until another connection had its headers. */
  delayed: string[];
};

export type CallKind = "fetch" | "d1" | "queue" | "r2";

/** A limit was exceeded. The platform throws a similar error, or ends the invocation. */
export class LimitExceeded extends Error {}

/** One invocation of the Worker: a request, a batch of a queue or a scheduled run, with what it starts. */
class Invocation {
  readonly usage: Usage = { subrequests: 0, d1_queries: 0, max_connections: 0, delayed: [] };
  readonly #limits: InvocationLimits;
  #open = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limits: InvocationLimits) {
    this.#limits = limits;
  }

  /** Makes a call that holds a connection until `call` resolves. `statements` is the number of D1 statements in it. */
  async connect<T>(kind: CallKind, what: string, statements: number, call: () => Promise<T>): Promise<T> {
    this.#count(kind, statements);
    await this.#acquire(kind, what);
    try {
      return await call();
    } finally {
      this.#release();
    }
  }

  #count(kind: CallKind, statements: number): void {
    this.usage.subrequests += 1;
    this.usage.d1_queries += statements;
    const { subrequests, d1_queries } = this.#limits;
    if (this.usage.subrequests > subrequests) exceed(`${kind}: more than ${subrequests} subrequests in one invocation`);
    if (this.usage.d1_queries > d1_queries) exceed(`${kind}: more than ${d1_queries} D1 queries in one invocation`);
  }

  async #acquire(kind: CallKind, what: string): Promise<void> {
    if (this.#open >= this.#limits.connections) {
      if (kind !== "fetch") this.usage.delayed.push(`${kind} ${what}`);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push(resolve);
      // The connection that closes is handed on, so that the count stays.
      return await promise;
    }
    this.#open += 1;
    this.usage.max_connections = Math.max(this.usage.max_connections, this.#open);
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#open -= 1;
    else next();
  }
}

let exceeded: string[] = [];

/** Records a violation and throws. The record outlives code that catches the error. */
export function exceed(violation: string): never {
  exceeded.push(violation);
  throw new LimitExceeded(violation);
}

/** Returns the violations since the last call. */
export function takeViolations(): readonly string[] {
  const taken = exceeded;
  exceeded = [];
  return taken;
}

const current = new AsyncLocalStorage<Invocation>();

/** Runs work as one invocation, or as part of the one that it is called in. */
export function asInvocation<T>(limits: InvocationLimits, work: () => T): T {
  return current.getStore() === undefined ? current.run(new Invocation(limits), work) : work();
}

/** Runs work as an invocation of its own, and returns what it used too. */
export async function measureInvocation<T>(
  limits: InvocationLimits,
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly usage: Usage }> {
  const invocation = new Invocation(limits);
  return { value: await current.run(invocation, work), usage: invocation.usage };
}

/** Makes a call through the current invocation. Outside of one, which is test code, nothing is counted. */
export async function connect<T>(kind: CallKind, what: string, statements: number, call: () => Promise<T>): Promise<T> {
  const invocation = current.getStore();
  return invocation === undefined ? await call() : await invocation.connect(kind, what, statements, call);
}

/** Whether code of the product is running. */
export function isInInvocation(): boolean {
  return current.getStore() !== undefined;
}
