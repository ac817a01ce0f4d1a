/** The permissions that an API token needs, by what the addresses of Cloudflare's API contain. */
const PERMISSIONS = /** @type {const} */ ([
  ["/d1/", "D1: Edit"],
  ["/r2/", "Workers R2 Storage: Edit"],
  ["/queues", "Queues: Edit"],
  ["/domains", "Workers Routes: Edit, for the zone of the domain"],
  ["/workers/", "Workers Scripts: Edit"],
]);

/** What to do about errors of Cloudflare's API, by code. */
const ADVICE = /** @type {Record<string, string>} */ ({
  7406: "The account has no room for another database. Delete one that is not used (npx wrangler d1 list), or upgrade the account.",
  100328: "The account is on the Free plan, which allows no CPU limits. Add the option --plan free.",
  10042:
    "R2 is not enabled. Enable it in the dashboard of Cloudflare, under R2 Object Storage, and run the command again.",
  10008:
    "The bucket is not empty. Delete its objects in the dashboard of Cloudflare, under R2 Object Storage, and run the command again.",
  10195: "The account is on the Free plan, which has no Dynamic Workers. Add the option --plan free.",
  11009:
    "The account has no room for another queue. Delete one that is not used (npx wrangler queues list), or upgrade the account.",
  10063:
    "The account has no workers.dev subdomain yet. Open Workers & Pages once in the dashboard of Cloudflare, or use --domain.",
});

/** Codes by which the API says that a token is wrong or lacks a permission. */
const FORBIDDEN = new Set([9109, 10_000, 10_001, 10_023]);

/**
 * What to do if a call lacks a permission.
 * @param {string} path
 */
function permissionFor(path) {
  const [, permission] = PERMISSIONS.find(([part]) => path.includes(part)) ?? [];
  const missing = permission === undefined ? "it can use this account" : `it has the permission ${permission}`;
  return `Edit the API token at https://dash.cloudflare.com/profile/api-tokens so that ${missing}, or sign in again with npx wrangler login. docs/deploy.md lists all permissions.`;
}

/**
 * What to do about an error of Cloudflare's API. Empty if there is no advice.
 * @param {{ path: string, codes: readonly number[], isForbidden?: boolean }} error
 */
export function adviceFor({ path, codes, isForbidden = false }) {
  const known = codes.map((code) => ADVICE[code]).find((advice) => advice !== undefined);
  if (known !== undefined) return known;
  return isForbidden || codes.some((code) => FORBIDDEN.has(code)) ? permissionFor(path) : "";
}
