import ipaddr from "ipaddr.js";

/** The groups of an IPv6 address that name a network. A host chooses the others freely. */
const NETWORK_GROUPS = 4;

/**
 * Returns the address of a request for counting: of IPv6, the network. Cloudflare sets the header and drops the client's own;
 * a local gateway has local clients.
 */
export function clientNetwork(headers: Headers): string {
  const given = headers.get("cf-connecting-ip")?.trim() ?? "127.0.0.1";
  if (!ipaddr.isValid(given)) return "unknown";
  const address = ipaddr.process(given);
  return "parts" in address ? address.parts.slice(0, NETWORK_GROUPS).join(":") : address.toString();
}
