import { interceptedDatabase } from "./intercepted-database.ts";

/** What happens to one call: nothing, a failure before it took effect, or one after (the answer is lost). */
export type Fault = "none" | "before" | "after";

/** The real database, whose calls fail as `next` says. A lost answer is the hard case: the write is there. */
export function faultyDatabase(next: () => Fault): D1Database {
  return interceptedDatabase(async (_, call) => {
    const fault = next();
    if (fault === "before") throw new Error("D1_ERROR: Network connection lost.");
    const result = await call();
    if (fault === "after") throw new Error("D1_ERROR: storage caused object to be reset.");
    return result;
  });
}
