import { parseArgs } from "node:util";
import { sections } from "./metrics.mjs";

export const USAGE = `Usage: npm run bench -- [options]

Measures the minified bundle on the Workers runtime of this machine, beside floors on the same runtime.

  --only A,B     only these sections: ${sections().join(", ")}
  --quick        fewer and shorter rounds, 100,000 events instead of a million
  --peers        Node-RED and a bare Express receiver too (npm installs them in a temporary folder)
  --json         one line of JSON at the end
  --log-events N the events of the section log (default: a million)
  --batch-timeout N the max_batch_timeout of the consumer of events, in seconds (default: that of wrangler.toml)
  --root DIR     the checkout to measure, with its own migrations/ and wrangler.toml (default: this one)
  --help         show this text`;

const FULL = {
  rounds: 5,
  round_ms: 2_500,
  warm_up_ms: 1_500,
  end_to_end_events: 10_000,
  paced_events: 50,
  fan_out_events: 2_000,
  fan_out_rounds: 3,
  cost_events: 400,
  old_events: 2_000,
  row_events: 5_000,
  many_events: 1_000_000,
  cold_events: 50_000,
  log_events: 1_000_000,
  list_requests: 100,
  integrations_ms: 5_000,
  peer_events: 2_000,
  peer_rounds: 3,
  transformed_events: 5_000,
  startups: 9,
  signatures: 20_000,
};

const QUICK = {
  ...FULL,
  rounds: 3,
  round_ms: 700,
  warm_up_ms: 500,
  end_to_end_events: 1_000,
  paced_events: 15,
  fan_out_events: 200,
  fan_out_rounds: 1,
  cost_events: 150,
  old_events: 1_000,
  row_events: 2_000,
  many_events: 100_000,
  cold_events: 10_000,
  log_events: 50_000,
  list_requests: 30,
  integrations_ms: 2_000,
  peer_events: 500,
  transformed_events: 1_000,
  startups: 5,
  signatures: 4_000,
};

/** @typedef {typeof FULL} Plan how much is measured */
/** @typedef {import("./metrics.mjs").Section} Section */
/** @typedef {{ plan: Plan, only: Section[], peers: boolean, json: boolean, quick: boolean, batch_timeout: number | null, root: string | null, help: boolean }} BenchOptions */

/** A command line that is not valid. */
export class UsageError extends Error {}

/**
 * @param {string[]} args
 * @returns {BenchOptions}
 */
export function readOptions(args) {
  const values = parse(args);
  const quick = values.quick ?? false;
  const plan = quick ? QUICK : FULL;
  return {
    plan: values["log-events"] === undefined ? plan : { ...plan, log_events: readCount(values["log-events"]) },
    only: values.only === undefined ? sections() : readSections(values.only),
    peers: values.peers ?? false,
    json: values.json ?? false,
    quick,
    batch_timeout: values["batch-timeout"] === undefined ? null : readSeconds(values["batch-timeout"]),
    root: values.root ?? null,
    help: values.help ?? false,
  };
}

/** @param {string} text */
function readSections(text) {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !sections().some((section) => section === name));
  if (unknown !== undefined) throw new UsageError(`There is no section "${unknown}".\n\n${USAGE}`);
  return sections().filter((section) => names.includes(section));
}

/** Cloudflare allows up to a minute. @param {string} text */
function readSeconds(text) {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds > 60) throw new UsageError(`"${text}" is not a number of seconds up to 60.`);
  return seconds;
}

/** @param {string} text */
function readCount(text) {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 10_000) throw new UsageError(`"${text}" is not a number from 10,000 on.`);
  return count;
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        only: { type: "string" },
        quick: { type: "boolean" },
        peers: { type: "boolean" },
        json: { type: "boolean" },
        "log-events": { type: "string" },
        "batch-timeout": { type: "string" },
        root: { type: "string" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
