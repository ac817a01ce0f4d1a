import { type Result, fail, ok } from "../model/result.ts";
import { isAddress, isLoopback, isMetadataAddress } from "./special-addresses.ts";

export type UrlRules = {
  /** For development: also allows http, and loopback, private and single-label hosts. */
  readonly allowPrivate: boolean;
  /** The hosts of the gateway itself, each with its port unless that is the scheme's default. */
  readonly ownHosts: readonly string[];
};

const MAX_URL = 2048;
const MAX_HOST = 253;
const RESERVED_NAMES = ["localhost", "local", "internal", "home.arpa", "onion"];
const SPACE_OR_CONTROL = /[\s\p{Cc}\p{Cf}]/u;
const SCHEME_AND_HOST = /^https?:\/\/[^/\\]/i;
const LABEL = /^[a-z0-9_-]{1,63}$/;
const LOCALHOST = /^(?:.*\.)?localhost$/;
// Clouds hand out credentials at these names. They are refused in development too.
const METADATA_NAMES: ReadonlySet<string> = new Set([
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "instance-data",
  "instance-data.ec2.internal",
]);

function withoutDot(host: string): string {
  return host.endsWith(".") ? host.slice(0, -1) : host;
}

function isReserved(host: string): boolean {
  return RESERVED_NAMES.some((name) => host === name || host.endsWith(`.${name}`));
}

function isWellMadeName(host: string): boolean {
  return host.length <= MAX_HOST && host.split(".").every((label) => LABEL.test(label));
}

function isLocalhost(host: string): boolean {
  return LOCALHOST.test(host) || isLoopback(host);
}

function isMetadata(host: string): boolean {
  return METADATA_NAMES.has(host) || isMetadataAddress(host);
}

type HostPorts = { readonly host: string; readonly ports: readonly string[] };

/** Returns a host and its ports. A host without a port has the default ports of both schemes. */
function parseOwnHost(text: string): HostPorts | null {
  const url = URL.parse(`http://${text}`);
  if (url === null) return null;
  const named = /:(\d+)$/.exec(text)?.[1];
  return {
    host: withoutDot(url.hostname),
    ports: named === undefined ? ["80", "443"] : [String(Number(named))],
  };
}

/** If private hosts are allowed, a receiver may share the gateway's host, and the port tells them apart. */
function isGateway(url: URL, { allowPrivate, ownHosts }: UrlRules): boolean {
  const host = withoutDot(url.hostname);
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return ownHosts.some((text) => {
    const own = parseOwnHost(text);
    if (own === null) return false;
    const sameHost = own.host === host || (isLocalhost(own.host) && isLocalhost(host));
    return sameHost && (!allowPrivate || own.ports.includes(port));
  });
}

/** Returns why a public gateway does not call this host, or null if it does. */
function refusePrivate(host: string): string | null {
  if (isAddress(host)) return "An IP address cannot be called: use a host name.";
  // Certificates have no trailing dot either, and one host must have one spelling.
  if (host.endsWith(".")) return "The host name must not end with a dot.";
  if (!host.includes(".")) return "A host name without a dot is not public.";
  if (isReserved(host)) return "This host name is reserved for private use.";
  return isWellMadeName(host) ? null : "This is not a valid host name.";
}

declare const ALLOWED: unique symbol;

/** A URL that the gateway may call. Only `checkUrl` makes one, so that no request can be sent past the guard. */
export type AllowedUrl = Readonly<URL> & { readonly [ALLOWED]: true };

function assertAllowed(_url: URL): asserts _url is URL & AllowedUrl {}

/** Checks whether the gateway may call a URL. The name is not looked up. The error is a sentence for the URL's author. */
export function checkUrl(text: string, rules: UrlRules): Result<AllowedUrl, string> {
  if (text.length > MAX_URL) return fail(`The URL must be at most ${MAX_URL} characters long.`);
  if (SPACE_OR_CONTROL.test(text) || !text.isWellFormed()) {
    return fail("The URL must not contain white space, control or invisible characters.");
  }
  if (text.includes("\\")) return fail("The URL must not contain a backslash.");
  const schemes = rules.allowPrivate ? "http:// or https://" : "https://";
  if (!SCHEME_AND_HOST.test(text)) return fail(`The URL must start with ${schemes} and a host name.`);
  const url = URL.parse(text);
  if (url === null || url.hostname === "") return fail("This is not a valid URL.");
  if (!rules.allowPrivate && url.protocol !== "https:") return fail(`The URL must start with ${schemes}`);
  const authority = text.slice(text.indexOf("//") + 2).split(/[/?#]/, 1)[0] ?? "";
  if (authority.includes("@")) return fail("The URL must not contain credentials.");
  if (isMetadata(withoutDot(url.hostname))) return fail("Link-local and metadata addresses are never called.");
  if (isGateway(url, rules)) return fail("The URL is the gateway's own address.");
  const refusal = rules.allowPrivate ? null : refusePrivate(url.hostname);
  if (refusal !== null) return fail(refusal);
  assertAllowed(url);
  return ok(url);
}
