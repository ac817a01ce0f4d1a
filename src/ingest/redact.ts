import { REDACTED_HEADER } from "../model/event.ts";
import type { IntegrationAuth } from "../model/integration-auth.ts";
import { learnsSecret } from "../signing/schemes/registry.ts";
import { LruMap } from "../platform/lru.ts";

/** The most that names and values together may take. Headers past it are dropped. */
const MAX_CHARACTERS = 16_384;

const CREDENTIALS: readonly string[] = ["authorization", "proxy-authorization", "cookie"];
/** Matches names that say that a header holds a secret: `pagertree-token`, `x-gitlab-token`, `x-api-key`. */
const SECRET_NAME =
  /(^|[-_])(token|secret|password|passwd|credentials?|api[-_]?key|auth[-_]?key|access[-_]?key)([-_]|$)/;

const HOP_BY_HOP: readonly string[] = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

function isAddedByPlatform(name: string): boolean {
  return name.startsWith("cf-") && name !== "cf-connecting-ip";
}

/** Returns whether the name of a header says that it holds a credential. */
export function isCredentialHeader(name: string): boolean {
  return CREDENTIALS.includes(name) || SECRET_NAME.test(name);
}

/** The parameter by which a sender that brings its key is let in: the address of the webhook has it. */
export const VERIFY_TOKEN = "verify_token";

/** Returns a query as it is stored: without the token that lets a sender bring its key. */
export function storedQuery(query: string, auth: IntegrationAuth): string {
  const hasToken = auth.type === "signature" && learnsSecret(auth.scheme);
  if (!hasToken || query === "") return query;
  const isToken = (pair: string): boolean => new URLSearchParams(pair).has(VERIFY_TOKEN);
  return query
    .split("&")
    .filter((pair) => !isToken(pair))
    .join("&");
}

type Treatment = "keep" | "redact" | "drop";

function classify(name: string): Treatment {
  if (HOP_BY_HOP.includes(name) || isAddedByPlatform(name)) return "drop";
  return isCredentialHeader(name) ? "redact" : "keep";
}

const MAX_NAMES = 1_000;
const MAX_NAME = 64;
const treatments = new LruMap<string, Treatment>({ max: MAX_NAMES });

function treatmentOf(name: string): Treatment {
  const known = treatments.get(name);
  if (known !== undefined) return known;
  const treatment = classify(name);
  if (name.length <= MAX_NAME) treatments.set(name, treatment);
  return treatment;
}

/** A shorter text is in other values by chance. */
const MIN_SECRET = 8;
/** A request has one or two credentials. */
const MAX_SECRETS = 20;

/** Adds the credentials in a value, also as they stand in a URL. */
function addSecrets(secrets: Set<string>, value: string): void {
  for (const part of value.slice(0, MAX_CHARACTERS).split(/[\s,;]+/)) {
    if (part.length < MIN_SECRET || secrets.size >= MAX_SECRETS) continue;
    secrets.add(part).add(encodeURIComponent(part.toWellFormed()));
  }
}

function redactRepeated(stored: Map<string, string>, secrets: readonly string[]): void {
  for (const [name, value] of stored) {
    if (secrets.some((secret) => value.includes(secret))) stored.set(name, REDACTED_HEADER);
  }
}

/** Returns the token of a query, as it stands in URLs. It may have spaces. */
function tokensIn(query: string, auth: IntegrationAuth): readonly string[] {
  if (storedQuery(query, auth) === query) return [];
  const token = new URLSearchParams(query).get(VERIFY_TOKEN) ?? "";
  const forms = [token, encodeURIComponent(token), String(new URLSearchParams({ "": token })).slice(1)];
  return forms.filter(({ length }) => length >= MIN_SECRET);
}

/**
 * Returns a request's headers as they are stored: names in lower case, credentials redacted, hop-by-hop headers dropped. A
 * proxy may repeat a credential in a header of its own, and a `Referer` has the query: each value that contains one is redacted.
 */
export function storedHeaders(headers: Headers, auth: IntegrationAuth, query = ""): Readonly<Record<string, string>> {
  const stored = new Map<string, string>();
  const secrets = new Set(tokensIn(query, auth));
  const tokenHeader = auth.type === "token" ? auth.header.toLowerCase() : null;
  let left = MAX_CHARACTERS;
  // One call of the platform; an iterator would make one for each step.
  // oxlint-disable-next-line unicorn/no-array-for-each -- Headers is no array
  headers.forEach((sent, written) => {
    const name = written.toLowerCase();
    const treatment = treatmentOf(name);
    if (treatment === "drop") return;
    const isSecret = treatment === "redact" || name === tokenHeader;
    if (isSecret) addSecrets(secrets, sent);
    const value = isSecret ? REDACTED_HEADER : sent;
    if (name.length + value.length > left) return;
    left -= name.length + value.length;
    stored.set(name, value);
  });
  if (secrets.size > 0) redactRepeated(stored, [...secrets]);
  return Object.fromEntries(stored);
}
