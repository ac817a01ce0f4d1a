import { interceptedDatabase } from "./intercepted-database.ts";

/** Something to be done before or after each query, in a batch too. `sql` is the query's text. */
export type Watch = {
  readonly before?: (sql: string) => Promise<void>;
  readonly after?: (sql: string) => Promise<void>;
};

/** The real database, in which something else happens around chosen queries. */
export function watchedDatabase({ before, after }: Watch): D1Database {
  return interceptedDatabase(async (queries, call) => {
    for (const sql of queries) await before?.(sql);
    const result = await call();
    for (const sql of queries) await after?.(sql);
    return result;
  });
}
