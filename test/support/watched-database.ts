import { env } from "cloudflare:workers";

/** Something to be done before or after each query, in a batch too. `sql` is the query's text. */
export type Watch = {
  readonly before?: (sql: string) => Promise<void>;
  readonly after?: (sql: string) => Promise<void>;
};

const CALLS = ["all", "run", "first", "raw"] as const;

/** The real database, in which something else happens around chosen queries. */
export function watchedDatabase({ before, after }: Watch): D1Database {
  const originals = new WeakMap<object, { readonly statement: D1PreparedStatement; readonly sql: string }>();

  function wrap(statement: D1PreparedStatement, sql: string): D1PreparedStatement {
    const wrapped = new Proxy(statement, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        if (name === "bind") return (...values: unknown[]) => wrap(target.bind(...values), sql);
        if (!CALLS.some((call) => call === name)) return member.bind(target);
        return async (...values: unknown[]) => {
          await before?.(sql);
          const result: unknown = await Reflect.apply(member, target, values);
          await after?.(sql);
          return result;
        };
      },
    });
    originals.set(wrapped, { statement, sql });
    return wrapped;
  }

  return new Proxy(env.DB, {
    get(target, name) {
      if (name === "prepare") return (sql: string) => wrap(target.prepare(sql), sql);
      if (name === "batch") {
        return async (statements: D1PreparedStatement[]) => {
          const known = statements.map((each) => originals.get(each) ?? { statement: each, sql: "" });
          for (const { sql } of known) await before?.(sql);
          const results = await target.batch(known.map((each) => each.statement));
          for (const { sql } of known) await after?.(sql);
          return results;
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
