import { UsageError } from "../deploy/deploy-error.mjs";
import { checkName, parseOptions } from "../deploy/options.mjs";

export const BACKUP_USAGE = `Usage: npm run backup -- [options]

Saves the database and the objects of a gateway into a file. Secrets in it are sealed: they need the gateway's MASTER_KEY.

  --name NAME       a deployed gateway (default: as wrangler.toml)
  --persist-to DIR  a gateway of npm start, which must be stopped, by the folder of its state
  --out FILE        the file to write (default: hookgate-NAME-TIME.backup.gz in this folder)
  --help            show this text`;

export const RESTORE_USAGE = `Usage: npm run restore -- FILE [options]

Fills an empty gateway from a file of npm run backup. The gateway must have the same MASTER_KEY.

  --name NAME       a deployed gateway (default: as wrangler.toml)
  --persist-to DIR  a gateway of npm start, which must be stopped, by the folder of its state. The folder may be new
  --replace         delete what the gateway has before
  --help            show this text`;

/**
 * Which gateway: a deployed one by its name (null for that of wrangler.toml), or a local one by its folder.
 * @typedef {{ kind: "deployed", name: string | null } | { kind: "local", folder: string }} Target
 */

/**
 * @param {{ name?: string | undefined, "persist-to"?: string | undefined }} values
 * @param {string} usage
 * @returns {Target}
 */
function targetOf({ name, "persist-to": folder }, usage) {
  if (folder === undefined) return { kind: "deployed", name: name === undefined ? null : checkName(name) };
  if (folder === "") throw new UsageError("--persist-to must name a folder.", usage);
  if (name !== undefined) throw new UsageError("--name and --persist-to exclude each other.", usage);
  return { kind: "local", folder };
}

/**
 * Reads the command line of `npm run backup`; null if it asks for help.
 * @param {string[]} args
 * @returns {{ target: Target, out: string | null } | null}
 */
export function readBackupOptions(args) {
  const options = /** @type {const} */ ({
    name: { type: "string" },
    "persist-to": { type: "string" },
    out: { type: "string" },
    help: { type: "boolean" },
  });
  const { values } = parseOptions(args, options, BACKUP_USAGE);
  if (values.help) return null;
  return { target: targetOf(values, BACKUP_USAGE), out: values.out ?? null };
}

/**
 * Reads the command line of `npm run restore`; null if it asks for help.
 * @param {string[]} args
 * @returns {{ target: Target, file: string, replace: boolean } | null}
 */
export function readRestoreOptions(args) {
  const options = /** @type {const} */ ({
    name: { type: "string" },
    "persist-to": { type: "string" },
    replace: { type: "boolean" },
    help: { type: "boolean" },
  });
  const { values, positionals } = parseOptions(args, options, RESTORE_USAGE, true);
  if (values.help) return null;
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageError("Name one file to restore.", RESTORE_USAGE);
  return { target: targetOf(values, RESTORE_USAGE), file, replace: values.replace ?? false };
}
