import { env } from "cloudflare:workers";

/**
 * Rows that were read and written, as D1 bills them; how often D1 was called, with how many queries; and the characters of
 * the largest result.
 */
export type Meter = { read: number; written: number; calls: number; queries: number; largest: number };

export function emptyMeter(): Meter {
  return { read: 0, written: 0, calls: 0, queries: 0, largest: 0 };
}

/** The real database, with what is read of it counted. */
export function meteredDatabase(meter: Meter): D1Database {
  const originals = new WeakMap<object, D1PreparedStatement>();
  const count = <T extends D1Result>(result: T): T => {
    meter.read += result.meta.rows_read;
    meter.written += result.meta.rows_written;
    meter.queries += 1;
    meter.largest = Math.max(meter.largest, JSON.stringify(result.results).length);
    return result;
  };
  const called = <T>(answer: T): T => {
    meter.calls += 1;
    return answer;
  };

  function wrap(statement: D1PreparedStatement): D1PreparedStatement {
    const wrapped = new Proxy(statement, {
      get(target, name) {
        if (name === "bind") return (...values: unknown[]) => wrap(target.bind(...values));
        if (name === "all" || name === "run") return async () => count(await called(target.all()));
        if (name === "first") {
          return async (column?: string) => {
            const [row] = count(await called(target.all())).results;
            return row === undefined ? null : column === undefined ? row : row[column];
          };
        }
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
    originals.set(wrapped, statement);
    return wrapped;
  }

  return new Proxy(env.DB, {
    get(target, name) {
      if (name === "prepare") return (sql: string) => wrap(target.prepare(sql));
      if (name === "batch") {
        return async (statements: D1PreparedStatement[]) =>
          (await called(target.batch(statements.map((each) => originals.get(each) ?? each)))).map(count);
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
