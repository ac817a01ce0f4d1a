import { METRICS } from "./metrics.mjs";
import { rounded } from "./numbers.mjs";

/** @typedef {{ machine: ReturnType<typeof import("./machine.mjs").describeMachine>, quick: boolean, seconds: number, figures: Record<string, Record<string, number>>, compared: Record<string, object>, notes: string[], faults: string[] }} Outcome */

/**
 * Returns the figures by section, formatted. A value that is not a number becomes null.
 * @param {Record<string, Record<string, number>>} figures
 */
export function shownFigures(figures) {
  return Object.fromEntries(
    Object.entries(figures).map(([section, values]) => [
      section,
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, Number.isFinite(value) ? rounded(value) : null]),
      ),
    ]),
  );
}

/** One line, nested by section. @param {Outcome} outcome */
export function toJson({ machine, quick, seconds, figures, compared, notes, faults }) {
  const peers = Object.keys(compared).length === 0 ? {} : { peers: compared };
  return JSON.stringify({ ...shownFigures(figures), ...peers, machine, quick, seconds, notes, faults });
}

/** @param {Outcome} outcome */
export function printReport({ machine, quick, seconds, figures, compared, notes, faults }) {
  const rows = Object.entries(METRICS).flatMap(([section, metrics]) =>
    Object.entries(metrics).flatMap(([name, says]) => {
      const value = figures[section]?.[name];
      return value === undefined ? [] : [{ name: `${section}.${name}`, value: String(rounded(value)), says }];
    }),
  );
  const widest = (/** @type {"name" | "value"} */ column) => Math.max(0, ...rows.map((row) => row[column].length));
  console.log(`\nHookgate ${machine.commit}, ${machine.at}${quick ? ", a quick run" : ""}`);
  console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.memory_gb} GB, ${machine.system}`);
  console.log(
    `Node ${machine.node}, workerd ${machine.workerd}, Miniflare ${machine.miniflare}, wrangler ${machine.wrangler}, Hono ${machine.hono}\n`,
  );
  for (const { name, value, says } of rows) {
    console.log(`${name.padEnd(widest("name"))}  ${value.padStart(widest("value"))}  ${says}`);
  }
  if (Object.keys(compared).length > 0) console.table(compared);
  console.log("");
  for (const note of notes) console.log(`- ${note}`);
  if (machine.load_before > machine.cores / 4)
    console.log(`- The machine was busy before the run (load ${machine.load_before}): absolute figures are low.`);
  console.log(
    `- All of it on one machine over loopback: no network, no TLS, no cold starts, local stand-ins for D1, Queues and R2.`,
  );
  console.log(`- It took ${seconds} s.`);
  for (const fault of faults) console.log(`FAILED  ${fault}`);
}
