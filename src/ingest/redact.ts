import type { IntegrationAuth } from "../model/integration-auth.ts";
import { LruMap } from "../platform/lru.ts";

const REDACTED = "[redacted]";
/** Names and values together; what is beyond is dropped. */
const MAX_CHARACTERS = 16_384;

const CREDENTIALS: readonly string[] = ["authorization", "proxy-authorization", "cookie"];
// A name says what a header holds: `pagertree-token`, `x-gitlab-token`, `x-api-key`, `x-webhook-secret`.
const SOUNDS_SECRET =
  /(^|[-_])(token|secret|password|passwd|credentials?|api[-_]?key|auth[-_]?key|access[-_]?key)([-_]|$)/;

const CONNECTION_ONLY: readonly string[] = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

function isOfThePlatform(name: string): boolean {
  return name.startsWith("cf-") && name !== "cf-connecting-ip";
}

type Treatment = "keep" | "redact" | "drop";

function treat(name: string): Treatment {
  if (CONNECTION_ONLY.includes(name) || isOfThePlatform(name)) return "drop";
  return CREDENTIALS.includes(name) || SOUNDS_SECRET.test(name) ? "redact" : "keep";
}

const MAX_NAMES = 1_000;
const MAX_NAME = 64;
const treatments = new LruMap<string, Treatment>({ max: MAX_NAMES });

function treatmentOf(name: string): Treatment {
  const known = treatments.get(name);
  if (known !== undefined) return known;
  const treatment = treat(name);
  if (name.length <= MAX_NAME) treatments.set(name, treatment);
  return treatment;
}

/** A request's headers as they are kept: lower-case names, no credentials, nothing that only concerns the connection. */
export function keptHeaders(headers: Headers, auth: IntegrationAuth): Readonly<Record<string, string>> {
  const kept = new Map<string, string>();
  const tokenHeader = auth.type === "token" ? auth.header.toLowerCase() : null;
  let room = MAX_CHARACTERS;
  // One call of the platform; each step of an iterator would be another.
  // oxlint-disable-next-line unicorn/no-array-for-each -- these are no array
  headers.forEach((sent, written) => {
    const name = written.toLowerCase();
    const treatment = treatmentOf(name);
    if (treatment === "drop") return;
    const value = treatment === "redact" || name === tokenHeader ? REDACTED : sent;
    if (name.length + value.length > room) return;
    room -= name.length + value.length;
    kept.set(name, value);
  });
  return Object.fromEntries(kept);
}
