import { Api } from "./api.mjs";
import { DeployError } from "./deploy-error.mjs";
import { runWrangler } from "./wrangler.mjs";

const SIGN_IN = `Set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID, or run npx wrangler login. docs/deploy.md lists the permissions that the token needs.`;

/**
 * Returns the API of the account to deploy into, and the variables by which wrangler uses the same account.
 * @param {string} root
 * @param {import("./config.mjs").Config} config
 * @returns {Promise<{ api: Api, env: Record<string, string> }>}
 */
export async function signIn(root, config) {
  const token = variable("CLOUDFLARE_API_TOKEN");
  const base = variable("CLOUDFLARE_API_BASE_URL");
  const headers = token === undefined ? await headersOfWrangler(root) : { authorization: `Bearer ${token}` };
  const known = variable("CLOUDFLARE_ACCOUNT_ID") ?? config["account_id"];
  const accountId = known ?? (await onlyAccount(new Api({ accountId: "", headers, base })));
  return { api: new Api({ accountId, headers, base }), env: { CLOUDFLARE_ACCOUNT_ID: accountId } };
}

/**
 * A variable of the environment. One that is set to nothing counts as not set.
 * @param {string} name
 */
function variable(name) {
  const value = process.env[name];
  return value === "" ? undefined : value;
}

/** @param {string} root @returns {Promise<Record<string, string>>} */
async function headersOfWrangler(root) {
  const { status, stdout } = await runWrangler(root, ["auth", "token", "--json"]);
  const { token, key, email } = status === 0 ? parse(stdout) : {};
  if (typeof token === "string") return { authorization: `Bearer ${token}` };
  if (typeof key === "string" && typeof email === "string") return { "x-auth-key": key, "x-auth-email": email };
  throw new DeployError("You are not signed in to Cloudflare.", SIGN_IN);
}

/** @param {Api} api */
async function onlyAccount(api) {
  const accounts = await api.accounts();
  const [first, ...others] = accounts;
  if (first === undefined) throw new DeployError("The API token may use no account.", SIGN_IN);
  if (others.length === 0) return first.id;
  const names = accounts.map(({ id, name }) => `  ${id}  ${name}`).join("\n");
  throw new DeployError(`You can use several accounts:\n\n${names}`, "Set CLOUDFLARE_ACCOUNT_ID to one of them.");
}

/** @param {string} text @returns {Record<string, unknown>} */
function parse(text) {
  try {
    return JSON.parse(text.slice(text.indexOf("{")));
  } catch {
    return {};
  }
}
