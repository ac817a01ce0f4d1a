import type { SignedHead } from "./claim.ts";

function firstOf(list: string | null): string | null {
  const first = list?.split(",")[0]?.trim() ?? "";
  return first === "" ? null : first;
}

/**
 * Returns the URLs that a sender may have called. Behind proxies or a tunnel the request arrives under another host name or
 * scheme; the first entry of each forwarding header is that of the outermost proxy. These headers can be trusted here: the path
 * names the integration, so that the sender signed for it on any host.
 */
export function publicUrls({ url, headers }: Pick<SignedHead, "url" | "headers">): readonly URL[] {
  const protocol = firstOf(headers.get("x-forwarded-proto"));
  const forwardedHost = firstOf(headers.get("x-forwarded-host"));
  if (protocol === null && forwardedHost === null) return [url];
  const scheme = protocol ?? url.protocol.slice(0, -1);
  const forwarded = URL.parse(`${scheme}://${forwardedHost ?? url.host}${url.pathname}${url.search}`);
  return forwarded === null ? [url] : [url, forwarded];
}
