import type { Sent } from "./send.ts";

// Servers that do not know a path say which it was, and some answer with all that they were sent. What they repeat of a
// secret is not shown to those who may read the log, nor kept.

const HIDDEN = "••••";
/** What is shorter could stand in an answer by chance. */
const SHORTEST = 6;

/** The ways in which an answer may spell a secret: as it is, in a URL, and in JSON as some write it. */
function spellingsOf(secret: string): readonly string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const spellings = [secret, encodeURIComponent(secret.toWellFormed()), inJson, inJson.replaceAll("/", String.raw`\/`)];
  return [...new Set(spellings)];
}

/** Hides what the end of a text that was cut off holds of a secret. */
function hideEnd(text: string, secret: string): string {
  for (let length = Math.min(secret.length - 1, text.length); length >= SHORTEST; length--) {
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + HIDDEN;
  }
  return text;
}

/** A text without the secrets in it. */
export function hideIn(text: string, secrets: readonly string[]): string {
  const spellings = secrets
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap(spellingsOf)
    .toSorted((a, b) => b.length - a.length);
  const hidden = spellings.reduce((left, spelling) => left.replaceAll(spelling, HIDDEN), text);
  return spellings.reduce(hideEnd, hidden);
}

/** The secret parts of header values: `Bearer` and its like are none. */
export function secretsOfHeaders(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.values(headers).flatMap((value) => [value, ...value.split(" ").slice(1)]);
}

/** The account of an attempt without the secrets that were sent with it. */
export function hideSecrets(sent: Sent, secrets: readonly string[]): Sent {
  const { response_body, location } = sent;
  return {
    ...sent,
    response_body: response_body === null ? null : hideIn(response_body, secrets),
    ...(location === undefined ? {} : { location: hideIn(location, secrets) }),
  };
}
