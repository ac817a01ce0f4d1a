import { hostsOf } from "./config.mjs";
import { DeployError } from "./deploy-error.mjs";

/**
 * The origin of the gateway once it is deployed; null if its configuration has none.
 * @param {import("./api.mjs").Api} api
 * @param {import("./config.mjs").Config} config
 * @param {import("./config.mjs").Address | null} address
 */
export async function urlOf(api, config, address) {
  const [host = null] = address?.host ? [address.host] : hostsOf(config);
  if (host !== null) return `https://${host}`;
  if (config["workers_dev"] === false) return null;
  const found = await api.find("/workers/subdomain");
  if (typeof found?.subdomain === "string") return `https://${config.name}.${found.subdomain}.workers.dev`;
  throw new DeployError(
    "The account has no workers.dev subdomain yet.",
    `Open https://dash.cloudflare.com/${api.accountId}/workers/onboarding once, or use --domain HOST.`,
  );
}
