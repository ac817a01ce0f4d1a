import { env } from "cloudflare:workers";

const CALLS = ["all", "run", "first", "raw"] as const;

/** Stands around a call to the database. `queries` are the texts of its statements, of a batch all of them. */
export type Around = <T>(queries: readonly string[], call: () => Promise<T>) => Promise<T>;

/** The real database, with something around each call. */
export function interceptedDatabase(around: Around): D1Database {
  const originals = new WeakMap<object, { readonly statement: D1PreparedStatement; readonly query: string }>();

  function wrap(statement: D1PreparedStatement, query: string): D1PreparedStatement {
    const wrapped = new Proxy(statement, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        if (name === "bind") return (...values: unknown[]) => wrap(target.bind(...values), query);
        if (!CALLS.some((call) => call === name)) return member.bind(target);
        return (...values: unknown[]) => around([query], async () => await Reflect.apply(member, target, values));
      },
    });
    originals.set(wrapped, { statement, query });
    return wrapped;
  }

  return new Proxy(env.DB, {
    get(target, name) {
      if (name === "prepare") return (query: string) => wrap(target.prepare(query), query);
      if (name === "batch") {
        return (statements: D1PreparedStatement[]) => {
          const known = statements.map((each) => originals.get(each) ?? { statement: each, query: "" });
          return around(
            known.map(({ query }) => query),
            () => target.batch(known.map(({ statement }) => statement)),
          );
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
