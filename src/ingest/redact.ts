import type { IntegrationAuth } from "../model/integration-auth.ts";

const REDACTED = "[redacted]";
/** Names and values together; what is beyond is dropped. */
const MOST_CHARACTERS = 16_384;

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

function isSecret(name: string, auth: IntegrationAuth): boolean {
  if (auth.type === "token" && auth.header.toLowerCase() === name) return true;
  return CREDENTIALS.includes(name) || SOUNDS_SECRET.test(name);
}

function isOfThePlatform(name: string): boolean {
  return name.startsWith("cf-") && name !== "cf-connecting-ip";
}

/** A request's headers as they are kept: lower-case names, no credentials, nothing that only concerns the connection. */
export function keptHeaders(headers: Headers, auth: IntegrationAuth): Readonly<Record<string, string>> {
  const kept = new Map<string, string>();
  let room = MOST_CHARACTERS;
  for (const [written, sent] of headers) {
    const name = written.toLowerCase();
    if (CONNECTION_ONLY.includes(name) || isOfThePlatform(name)) continue;
    const value = isSecret(name, auth) ? REDACTED : sent;
    if (name.length + value.length > room) continue;
    room -= name.length + value.length;
    kept.set(name, value);
  }
  return Object.fromEntries(kept);
}
