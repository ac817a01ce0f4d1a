import { env } from "cloudflare:workers";
import type { Env } from "../../src/platform/bindings.ts";

/** A stand-in for the EVENTS queue, so that no consumer starts. What was sent is in `sent`. */
export type FakeQueue = { readonly queue: Queue; readonly sent: unknown[] };

export type SendBehaviour = "takes" | "throws" | "hangs";

export function fakeQueue(behaviour: SendBehaviour = "takes"): FakeQueue {
  const sent: unknown[] = [];
  const metrics = { backlogCount: 0, backlogBytes: 0 };
  const send = (messages: readonly unknown[]): Promise<QueueSendResponse> => {
    switch (behaviour) {
      case "throws":
        return Promise.reject(new Error("the queue is not there"));
      case "hangs":
        return new Promise(() => {});
      case "takes":
        sent.push(...messages);
        return Promise.resolve({ metadata: { metrics } });
    }
  };
  return {
    sent,
    queue: {
      metrics: () => Promise.resolve(metrics),
      send: (message) => send([message]),
      sendBatch: (messages) => send([...messages].map(({ body }) => body)),
    },
  };
}

/** How often a database was asked for something, and how it answers from now on. */
export type FakeDatabase = { readonly db: D1Database; prepared: number; behaviour: SendBehaviour | "finds nothing" };

function statementThat(answers: () => Promise<unknown>): D1PreparedStatement {
  const statement: D1PreparedStatement = new Proxy(env.DB.prepare("SELECT 1"), {
    get: (_, name) => (name === "bind" ? () => statement : answers),
  });
  return statement;
}

/** The real database behind a switch. */
export function fakeDatabase(): FakeDatabase {
  const hanging = statementThat(() => new Promise(() => {}));
  const empty = statementThat(() => Promise.resolve(null));
  const fake: FakeDatabase = {
    prepared: 0,
    behaviour: "takes",
    db: new Proxy(env.DB, {
      get(target, name) {
        if (name === "batch" && fake.behaviour === "hangs") return () => new Promise(() => {});
        if (name !== "prepare") {
          const member: unknown = Reflect.get(target, name);
          return typeof member === "function" ? member.bind(target) : member;
        }
        return (query: string): D1PreparedStatement => {
          fake.prepared += 1;
          switch (fake.behaviour) {
            case "takes":
              return target.prepare(query);
            case "throws":
              throw new Error("D1_ERROR: Network connection lost.");
            case "hangs":
              return hanging;
            case "finds nothing":
              return empty;
          }
        };
      },
    }),
  };
  return fake;
}

/** The bindings with some of them replaced. */
export function bindingsWith(changes: Partial<Env>): Env {
  return { ...env, ...changes };
}
