import type { SignedHead } from "./claim.ts";

function firstOf(list: string | null): string | null {
  const first = list?.split(",")[0]?.trim() ?? "";
  return first === "" ? null : first;
}

/** Returns a parameter of the outermost proxy in `Forwarded`: https://www.rfc-editor.org/rfc/rfc7239#section-4 */
function forwardedParameter(headers: Headers, name: "host" | "proto"): string | null {
  const pairs = firstOf(headers.get("forwarded"))?.split(";") ?? [];
  const found = pairs.map((pair) => pair.trim().split("=")).find(([key]) => key?.toLowerCase() === name);
  const value = found?.[1]?.replaceAll('"', "") ?? "";
  return value === "" ? null : value;
}

/** Returns the hosts that the proxies name. The port may be in a header of its own. */
function hostsOf(headers: Headers, own: string): readonly string[] {
  const host = firstOf(headers.get("x-forwarded-host")) ?? forwardedParameter(headers, "host") ?? own;
  const port = firstOf(headers.get("x-forwarded-port"));
  const isOther = port !== null && /^\d{1,5}$/.test(port) && !/:\d+$/.test(host);
  return isOther ? [host, `${host}:${port}`] : [host];
}

/**
 * Returns the URLs that a sender may have called. Behind proxies or a tunnel the request arrives under another host name or
 * scheme; the first entry of each forwarding header is that of the outermost proxy. These headers can be trusted here: the path
 * names the integration, so that the sender signed for it on any host.
 */
export function publicUrls({ url, headers }: Pick<SignedHead, "url" | "headers">): readonly URL[] {
  const names = ["x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "forwarded"];
  if (!names.some((name) => headers.has(name))) return [url];
  const scheme =
    firstOf(headers.get("x-forwarded-proto")) ?? forwardedParameter(headers, "proto") ?? url.protocol.slice(0, -1);
  const forwarded = hostsOf(headers, url.host).map((host) =>
    URL.parse(`${scheme}://${host}${url.pathname}${url.search}`),
  );
  const called = [url, ...forwarded.filter((each) => each !== null)];
  return called.filter((each, index) => called.findIndex(({ href }) => href === each.href) === index);
}
