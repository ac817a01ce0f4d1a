import type { Sent } from "./send.ts";

// Servers name the path that they do not know, and some return the whole request. The secrets in it are neither shown in the
// log nor stored.

const HIDDEN = "••••";
/** A shorter secret could occur in a response by chance. */
const MIN_SECRET = 6;

/** Returns the spellings of a secret in a response: plain, in a URL, and in JSON with and without escaped slashes. */
function spellingsOf(secret: string): readonly string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const spellings = [secret, encodeURIComponent(secret.toWellFormed()), inJson, inJson.replaceAll("/", String.raw`\/`)];
  return [...new Set(spellings)];
}

/** Hides the beginning of a secret at the end of a text that was cut off. */
function hideEnd(text: string, secret: string): string {
  for (let length = Math.min(secret.length - 1, text.length); length >= MIN_SECRET; length--) {
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + HIDDEN;
  }
  return text;
}

/** Returns a text with its secrets hidden. */
export function hideIn(text: string, secrets: readonly string[]): string {
  const spellings = secrets
    .filter((secret) => secret.length >= MIN_SECRET)
    .flatMap(spellingsOf)
    .toSorted((a, b) => b.length - a.length);
  const hidden = spellings.reduce((left, spelling) => left.replaceAll(spelling, HIDDEN), text);
  return spellings.reduce(hideEnd, hidden);
}

/** Returns the secret parts of header values: also without a scheme such as `Bearer`. */
export function secretsOfHeaders(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.values(headers).flatMap((value) => [value, ...value.split(" ").slice(1)]);
}

/** Returns the result of an attempt with the secrets hidden that were sent with it. */
export function hideSecrets(sent: Sent, secrets: readonly string[]): Sent {
  const { response_body, location, captured } = sent;
  return {
    ...sent,
    response_body: response_body === null ? null : hideIn(response_body, secrets),
    ...(location === undefined ? {} : { location: hideIn(location, secrets) }),
    // A value with a secret in it would be stored and shown.
    ...(captured === undefined
      ? {}
      : {
          captured: Object.fromEntries(
            Object.entries(captured).filter(([, value]) => hideIn(value, secrets) === value),
          ),
        }),
  };
}
