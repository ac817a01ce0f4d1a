import { env } from "cloudflare:workers";

/** What happens to one call: nothing, a failure before it took effect, or one after (the answer is lost). */
export type Fault = "none" | "before" | "after";

const CALLS = ["all", "run", "first", "raw"] as const;

async function withFault<T>(fault: Fault, call: () => Promise<T>): Promise<T> {
  if (fault === "before") throw new Error("D1_ERROR: Network connection lost.");
  const result = await call();
  if (fault === "after") throw new Error("D1_ERROR: storage caused object to be reset.");
  return result;
}

/** The real database, whose calls fail as `next` says. A lost answer is the hard case: the write is there. */
export function faultyDatabase(next: () => Fault): D1Database {
  const originals = new WeakMap<object, D1PreparedStatement>();

  function wrap(statement: D1PreparedStatement): D1PreparedStatement {
    const wrapped = new Proxy(statement, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        if (name === "bind") return (...values: unknown[]) => wrap(target.bind(...values));
        if (CALLS.some((call) => call === name)) {
          return (...values: unknown[]) => withFault(next(), async () => await Reflect.apply(member, target, values));
        }
        return member.bind(target);
      },
    });
    originals.set(wrapped, statement);
    return wrapped;
  }

  return new Proxy(env.DB, {
    get(target, name) {
      if (name === "prepare") return (sql: string) => wrap(target.prepare(sql));
      if (name === "batch") {
        return (statements: D1PreparedStatement[]) =>
          withFault(next(), () => target.batch(statements.map((each) => originals.get(each) ?? each)));
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
