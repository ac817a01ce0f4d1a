import type { Result } from "../../model/result.ts";
import { type AllowedUrl, checkUrl } from "../../net/url-guard.ts";
import { LruMap } from "../../platform/lru.ts";

/** Templates can make any number of addresses. */
const MAX_ADDRESSES = 1_000;
const verdicts = new LruMap<string, Result<AllowedUrl, string>>({ max: MAX_ADDRESSES });

/**
 * Checks a saved address again, because the rules may have changed since: once in each isolate, whose rules are constant.
 *
 * The gateway's own hosts are refused when an address is saved, by the host of that request. They are not remembered until
 * here: a forged Host header could then stop deliveries to any host, and an address that became the gateway's later would
 * pass all the same. A request that reaches the gateway is refused by its GATEWAY_HEADER.
 */
export function guardedUrl(address: string, allowPrivate: boolean): Result<AllowedUrl, string> {
  const name = `${allowPrivate} ${address}`;
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  const verdict = checkUrl(address, { allowPrivate, ownHosts: [] });
  verdicts.set(name, verdict);
  return verdict;
}
