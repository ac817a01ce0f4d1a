import { parseArgs } from "node:util";
import { UsageError } from "./deploy-error.mjs";

export const USAGE = `Usage: npm run deploy -- [options]

Deploys a gateway into your Cloudflare account, or upgrades the one that is there. Every step finds what exists, so that you
can run the command again after a failure.

  --name NAME       the gateway, and the beginning of the names of its database, bucket and queues (default: as wrangler.toml)
  --domain HOST     serve it at this host of a zone in your account instead of workers.dev
  --plan PLAN       free or paid: what your account has (default: as deployed before, else as wrangler.toml says)
  --dry-run         show what would be done, and change nothing
  --no-wait         do not wait until the gateway is ready
  --help            show this text

It uses CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID, or the account of \`npx wrangler login\`. docs/deploy.md describes it.`;

export const DESTROY_USAGE = `Usage: npm run destroy -- --name NAME [options]

Deletes a gateway from your Cloudflare account: its Worker, queues, bucket and database, with all data. It asks for the name.

  --name NAME       the gateway
  --yes             do not ask
  --help            show this text
`;

export const DOCTOR_USAGE = `Usage: npm run doctor -- [options]

Checks a deployed gateway: version, migrations, bindings, secrets, consumers, schedule, and a test event there and back.

  --name NAME       the gateway (default: as wrangler.toml)
  --url URL         its address, if it is another than Cloudflare reports
  --help            show this text

The test event needs the admin token: ADMIN_TOKEN in the environment, or .hookgate/NAME.secrets.`;

/**
 * @typedef {"free" | "paid"} Plan
 * @typedef {{ name: string | null, domain: string | null, plan: Plan | null, dryRun: boolean, wait: boolean, help: boolean }} DeployOptions
 */

// The name of a Worker; a queue's has at most 63 characters, "-2-dead-letters" among them.
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$/;
const HOST = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/**
 * Returns the name of a gateway. Throws a UsageError if it cannot be one.
 * @param {string} name
 */
export function checkName(name) {
  if (NAME.test(name)) return name;
  throw new UsageError(
    `The name must have 1 to 48 lower-case letters, digits and hyphens, and begin and end with a letter or digit, not "${name}".`,
  );
}

/**
 * Parses a command line. An unknown option is an error, too.
 * @template {import("node:util").ParseArgsConfig["options"]} Options
 * @param {string[]} args
 * @param {Options} options
 * @param {string} usage
 * @param {boolean} [allowPositionals]
 */
export function parseOptions(args, options, usage, allowPositionals = false) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${message.split(/\.\s/)[0]?.replace(/\.$/, "")}.`, usage);
  }
}

/**
 * Reads the command line of `npm run deploy`.
 * @param {string[]} args
 * @returns {DeployOptions}
 */
export function readOptions(args) {
  const { values } = parseOptions(
    args,
    {
      name: { type: "string" },
      domain: { type: "string" },
      plan: { type: "string" },
      "dry-run": { type: "boolean" },
      "no-wait": { type: "boolean" },
      help: { type: "boolean" },
    },
    USAGE,
  );
  const { domain, plan } = values;
  if (domain !== undefined && !HOST.test(domain)) {
    throw new UsageError(`--domain must be a host name such as hooks.example.com, not "${domain}".`, USAGE);
  }
  if (plan !== undefined && plan !== "free" && plan !== "paid") {
    throw new UsageError(`--plan must be free or paid, not "${plan}".`, USAGE);
  }
  return {
    name: values.name === undefined ? null : checkName(values.name),
    domain: domain ?? null,
    plan: plan ?? null,
    dryRun: values["dry-run"] ?? false,
    wait: !(values["no-wait"] ?? false),
    help: values.help ?? false,
  };
}

/**
 * Reads the command line of `npm run destroy`; null if it asks for help.
 * @param {string[]} args
 * @returns {{ name: string, yes: boolean } | null}
 */
export function readDestroyOptions(args) {
  const {
    values: { name, yes, help },
  } = parseOptions(
    args,
    { name: { type: "string" }, yes: { type: "boolean" }, help: { type: "boolean" } },
    DESTROY_USAGE,
  );
  if (help) return null;
  if (name === undefined) throw new UsageError("--name is missing: it says which gateway to delete.", DESTROY_USAGE);
  return { name: checkName(name), yes: yes ?? false };
}

/**
 * Reads the command line of `npm run doctor`; null if it asks for help.
 * @param {string[]} args
 * @returns {{ name: string | null, url: string | null } | null}
 */
export function readDoctorOptions(args) {
  const {
    values: { name, url, help },
  } = parseOptions(
    args,
    { name: { type: "string" }, url: { type: "string" }, help: { type: "boolean" } },
    DOCTOR_USAGE,
  );
  if (help) return null;
  if (url !== undefined && !/^https?:\/\/[^/]+\/?$/.test(url)) {
    throw new UsageError(`--url must be an origin such as https://hooks.example.com, not "${url}".`, DOCTOR_USAGE);
  }
  return { name: name === undefined ? null : checkName(name), url: url?.replace(/\/$/, "") ?? null };
}
