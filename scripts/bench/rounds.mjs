/**
 * Runs the variants in turn, round by round, in reverse order every other round, so that other load affects all of them alike.
 * @template {string} Name
 * @template Result
 * @param {number} rounds
 * @param {Record<Name, (round: number) => Promise<Result>>} variants
 * @returns {Promise<Record<Name, Result[]>>}
 */
export async function interleave(rounds, variants) {
  const names = /** @type {Name[]} */ (Object.keys(variants));
  /** @type {any} */
  const empty = Object.fromEntries(names.map((name) => [name, []]));
  /** @type {Record<Name, Result[]>} */
  const results = empty;
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      results[name].push(await variants[name](round));
    }
  }
  return results;
}

/** @typedef {import("./gateway.mjs").Bench} Bench */
/** @typedef {{ answered: number, failed: number, faults: Record<string, number>, elapsed_ms: number, latencies: number[], sent_at: number[], ids: string[] }} Load */

/**
 * Sends requests for a while. Every response other than 2xx fails the run.
 * @param {Bench} bench
 * @param {string} what
 * @param {number} port
 * @param {import("./requests.mjs").Requests} requests
 * @param {{ connections?: number, duration_ms?: number, count?: number, interval_ms?: number, keep_ids?: boolean }} how
 * @returns {Promise<Load>}
 */
export async function send(bench, what, port, requests, how) {
  /** @type {Load} */
  const load = await bench.load.ask({ port, connections: 32, ...requests, ...how });
  if (load.failed > 0) {
    const faults = Object.entries(load.faults).map(
      ([status, times]) => `${times} × ${status === "0" ? "no answer" : status}`,
    );
    bench.fail(`${what}: ${load.failed} of ${load.failed + load.answered} requests failed (${faults.join(", ")})`);
  }
  return load;
}

/** @param {Load} load */
export function rateOf({ answered, elapsed_ms }) {
  return (answered * 1000) / elapsed_ms;
}
