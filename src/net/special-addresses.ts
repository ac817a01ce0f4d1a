import ipaddr from "ipaddr.js";
import { lazy } from "../model/lazy.ts";

// Hosts are as `URL` writes them: IPv4 as four decimal numbers, IPv6 in brackets.

const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;

function ipv4Of(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/**
 * Returns the IPv4 addresses that an IPv6 address may lead to: mapped and compatible ones, those of translators (SIIT, NAT64
 * with the well-known prefix and with the local ones of RFC 8215) and of tunnels (6to4, Teredo, ISATAP).
 */
function embeddedIn(parts: readonly number[]): readonly string[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = parts;
  const last = ipv4Of(g, h);
  const found: string[] = [];
  const startsWithZeros = a === 0 && b === 0 && c === 0 && d === 0;
  if (startsWithZeros && ((e === 0 && [0, 0xffff].includes(f)) || (e === 0xffff && f === 0))) found.push(last);
  if (a === 0x64 && b === 0xff9b) {
    found.push(last);
    // RFC 6052 also puts the address after 48, 56 or 64 bits, around a byte that is always zero.
    const [d2, e2, f1, f2, g1] = [d & 255, e & 255, f >> 8, f & 255, g >> 8];
    found.push(ipv4Of(d, (e2 << 8) | f1), ipv4Of((d2 << 8) | e2, f), ipv4Of((e2 << 8) | f1, (f2 << 8) | g1));
  }
  if (a === 0x2002) found.push(ipv4Of(b, c));
  if (a === 0x2001 && b === 0) found.push(ipv4Of(c, d), ipv4Of(g ^ 0xffff, h ^ 0xffff));
  if ((e & 0xfdff) === 0 && f === 0x5efe) found.push(last);
  return found;
}

type Address = { readonly ipv4: readonly string[]; readonly ipv6: readonly number[] | null };

function parse(host: string): Address | null {
  if (IPV4.test(host)) return { ipv4: [host], ipv6: null };
  if (!host.startsWith("[")) return null;
  const text = host.slice(1, -1);
  if (!ipaddr.IPv6.isValid(text)) return null;
  const ipv6 = ipaddr.IPv6.parse(text).parts;
  return { ipv4: embeddedIn(ipv6), ipv6 };
}

/** Returns whether a host is an IP address. */
export function isAddress(host: string): boolean {
  return host.startsWith("[") || IPV4.test(host);
}

/** Returns whether a host is a loopback address in any spelling. */
export function isLoopback(host: string): boolean {
  // As embedded IPv4 addresses, `::1` and `::` are 0.0.0.1 and 0.0.0.0.
  return parse(host)?.ipv4.some((text) => text.startsWith("127.") || text.startsWith("0.")) ?? false;
}

// Outside the link-local ranges: Alibaba, Oracle and Azure; AWS, Google and Scaleway over IPv6.
const METADATA_IPV4: ReadonlySet<string> = new Set(["100.100.100.200", "192.0.0.192", "168.63.129.16"]);
const metadataIpv6 = lazy(() => new Set(["fd00:ec2::254", "fd20:ce::254", "fd00:42::42"].map(normalize)));

function normalize(text: string): string {
  return ipaddr.IPv6.parse(text).parts.join();
}

/** Returns whether a host is, in any spelling, a link-local address or one where a cloud hands out credentials. */
export function isMetadataAddress(host: string): boolean {
  const address = parse(host);
  if (address === null) return false;
  const { ipv4, ipv6 } = address;
  if (ipv4.some((text) => text.startsWith("169.254.") || METADATA_IPV4.has(text))) return true;
  return ipv6 !== null && (((ipv6[0] ?? 0) & 0xffc0) === 0xfe80 || metadataIpv6().has(ipv6.join()));
}
