import { parseArgs } from "node:util";
import { StartError } from "./start-error.mjs";

const DEFAULT_PORT = 8787;

export const USAGE = `Usage: npm start -- [options]

Runs a gateway of your own on this machine, with its own database, queues and object store.

  --port N          the port to listen on (default ${DEFAULT_PORT})
  --persist-to DIR  the folder that keeps its state and its keys (default .hookgate)
  --shards N        spread the events over N databases and their queues (default: as wrangler.toml has it, 1)
  --reset           throw the stored state away and start empty; the keys are kept
  --help            show this text

Variables: ADMIN_TOKEN, MASTER_KEY, MASTER_KEY_PREVIOUS, ALLOW_PRIVATE_DESTINATIONS, ACCEPT_DURABILITY, RETRY_SCHEDULE,
RETENTION_DAYS, HOT_HOURS, DISABLE_AFTER_SECONDS, EVENT_ROW_BYTES, ACCESS_TEAM_DOMAIN, ACCESS_AUD, ACCESS_ROLES.
They are taken from the environment, then from .dev.vars, then from local defaults.`;

/**
 * @typedef {{ port: number, persistTo: string, shards: number | null, reset: boolean, help: boolean }} StartOptions
 */

/**
 * Reads the command line.
 * @param {string[]} args
 * @returns {StartOptions}
 */
export function readOptions(args) {
  const values = parse(args);
  const port = Number(values.port ?? DEFAULT_PORT);
  if (!/^\d*$/.test(values.port ?? "") || port < 1 || port > 65_535) {
    throw new StartError(`--port has to be a number from 1 to 65535, not "${values.port}".`);
  }
  const shards = values.shards === undefined ? null : Number(values.shards);
  if (shards !== null && (!/^\d{1,2}$/.test(values.shards ?? "") || shards < 1)) {
    throw new StartError(`--shards has to be a number from 1 to 99, not "${values.shards}".`);
  }
  if (values["persist-to"] === "") throw new StartError("--persist-to has to name a folder.");
  return {
    port,
    persistTo: values["persist-to"] ?? ".hookgate",
    shards,
    reset: values.reset ?? false,
    help: values.help ?? false,
  };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: "string" },
        "persist-to": { type: "string" },
        shards: { type: "string" },
        reset: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new StartError(`${said.split(". ")[0]}.\n\n${USAGE}`);
  }
}
