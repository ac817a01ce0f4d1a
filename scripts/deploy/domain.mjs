import { ApiError } from "./api.mjs";
import { DeployError } from "./deploy-error.mjs";
import { listOf } from "./survey.mjs";

const CHOOSE = "Choose another host, or remove that one first.";

const ZONE =
  "The host must be in a zone of this account. Add its domain in the dashboard of Cloudflare, or choose another host. Without --domain, the command serves the gateway at workers.dev.";

/**
 * Throws a DeployError if a host belongs to another Worker.
 * @param {import("./api.mjs").Api} api
 * @param {string} name
 * @param {string} host
 */
export async function checkHostIsFree(api, name, host) {
  const domains = listOf(await api.find(`/workers/domains?hostname=${host}`));
  const other = domains.find(
    ({ hostname, service }) => hostname === host && typeof service === "string" && service !== name,
  );
  if (other === undefined) return;
  throw new DeployError(`${host} belongs to the Worker ${other["service"]}. It is left as it is.`, CHOOSE);
}

/**
 * Throws a DeployError if a host is in use by something else. wrangler would replace that without a question when it runs
 * without a terminal. The Worker must exist.
 * @param {import("./api.mjs").Api} api
 * @param {string} name
 * @param {string} host
 */
async function checkChanges(api, name, host) {
  const changes = await api
    .call("POST", `/workers/scripts/${name}/domains/changeset?replace_state=true`, [{ hostname: host }])
    .catch((/** @type {unknown} */ error) => {
      // The API refuses to replace something by itself, too: attachDomain does not allow it.
      if (error instanceof ApiError && error.isAbsent) return null;
      throw error;
    });
  if (listOf(changes?.conflicting).length > 0) {
    throw new DeployError(`${host} has a DNS record that leads elsewhere. It is left as it is.`, CHOOSE);
  }
  if (listOf(changes?.updated).some(({ modified }) => modified === true)) {
    throw new DeployError(`${host} belongs to another Worker. It is left as it is.`, CHOOSE);
  }
}

/**
 * Serves a Worker at a host instead of at workers.dev. Replaces neither a DNS record nor the host of another Worker.
 * @param {import("./api.mjs").Api} api
 * @param {string} name
 * @param {string} host
 */
export async function attachDomain(api, name, host) {
  await checkChanges(api, name, host);
  const script = `/workers/scripts/${name}`;
  const records = {
    override_scope: true,
    override_existing_origin: false,
    override_existing_dns_record: false,
    origins: [{ hostname: host }],
  };
  await api.call("PUT", `${script}/domains/records`, records).catch((/** @type {unknown} */ error) => {
    if (error instanceof ApiError && error.advice === "") throw new DeployError(error.message, ZONE);
    throw error;
  });
  await api.call("POST", `${script}/subdomain`, { enabled: false, previews_enabled: false });
}
