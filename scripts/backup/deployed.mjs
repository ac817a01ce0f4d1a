import { existsSync } from "node:fs";
import { bucketsOf, chooseAddress, databasesOf, deriveConfig, readWranglerToml } from "../deploy/config.mjs";
import { signIn } from "../deploy/credentials.mjs";
import { findDatabase, isShard, query } from "../deploy/databases.mjs";
import { DeployError } from "../deploy/deploy-error.mjs";
import { keysOf, readObject, writeObject } from "../deploy/objects.mjs";
import { readSecrets, secretsFile } from "../deploy/secrets.mjs";
import { checkWorker, survey } from "../deploy/survey.mjs";

/**
 * Opens the data of a deployed gateway.
 * @param {string} root
 * @param {string | null} chosen its name
 * @returns {Promise<import("./tables.mjs").Store>}
 */
export async function openDeployed(root, chosen) {
  const toml = readWranglerToml(root);
  const name = chosen ?? toml.name;
  const { api } = await signIn(root, toml);
  const deployed = await survey(api, name);
  const address = chooseAddress(toml, { name, domain: null, deployed });
  const config = deriveConfig(toml, { name, plan: deployed.plan, address });
  if (!deployed.exists) {
    throw new DeployError(`The account has no gateway ${name}.`, `npm run deploy -- --name ${name} makes it.`);
  }
  checkWorker(deployed, config, existsSync(secretsFile(root, name)));
  /** @type {Map<string, string>} */
  const ids = new Map();
  for (const database of databasesOf(config).filter(isShard)) {
    const id = database.id ?? (await findDatabase(api, database.name));
    if (id === null) {
      throw new DeployError(
        `The account has no database ${database.name}.`,
        `npm run deploy -- --name ${name} makes it.`,
      );
    }
    ids.set(database.binding, id);
  }
  const own = bucketsOf(config).find((bucket) => deployed.bindings.get("BODIES")?.["bucket_name"] === bucket);
  const bucket = own ?? `${name}-bodies`;
  const keys = [process.env["MASTER_KEY"], readSecrets(secretsFile(root, name))["MASTER_KEY"]];
  return {
    name,
    databases: [...ids.keys()],
    masterKey: keys.find((key) => key !== undefined && key !== "") ?? null,
    query: (database, sql, params = []) => query(api, ids.get(database) ?? "", sql, params),
    keys: () => keysOf(api, bucket),
    read: (key) => readObject(api, bucket, key),
    write: (blob) => writeObject(api, bucket, blob),
    close: async () => {},
  };
}
