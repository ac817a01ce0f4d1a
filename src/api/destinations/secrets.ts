import type { Destination, DestinationAuth, DestinationOptions } from "../../model/destination.ts";
import type { FieldError } from "../../model/result.ts";
import type { GivenAuth } from "./auth.ts";

// A secret on record goes only where it was given for. Who may change a destination need not know its secrets, and would have
// them told by sending them to an address of their own.

/** What of a destination its secrets depend on: the secrets themselves and where they are sent. */
export type Reach = Pick<Destination, "url" | "options" | "auth" | "sealed_headers" | "payload">;

/** A stored secret: the field that it is given in, and where it is sent. */
type Secret = { readonly path: string; readonly sealed: string; readonly to: string };

function originOf(url: string): string {
  return URL.parse(url)?.origin ?? url;
}

function placeOf(url: string, options: DestinationOptions): string {
  switch (options.type) {
    case "webhook":
      return originOf(url);
    case "document":
      return "";
    case "queue":
      return options.binding;
    case "email":
      return options.to;
  }
}

function secretsOfAuth(auth: DestinationAuth, place: string): readonly Secret[] {
  switch (auth.type) {
    case "none":
      return [];
    case "basic":
      return [{ path: "auth.password", sealed: auth.sealed_password, to: place }];
    case "bearer":
      return [{ path: "auth.token", sealed: auth.sealed_token, to: place }];
    case "oauth2_client_credentials": {
      // What the secret buys goes to the destination.
      const to = `${originOf(auth.token_url)} ${place}`;
      return [{ path: "auth.client_secret", sealed: auth.sealed_client_secret, to }];
    }
    case "oauth2_authorization_code": {
      // What somebody consented to is dropped with any change of the address.
      const { sealed_client_secret: sealed, token_url } = auth;
      return sealed === null ? [] : [{ path: "auth.client_secret", sealed, to: originOf(token_url) }];
    }
  }
}

function secretsOf({ url, options, auth, sealed_headers, payload }: Reach): readonly Secret[] {
  const to = placeOf(url, options);
  const ofPayload = payload.mode === "preset" ? Object.entries(payload.sealed_options) : [];
  return [
    ...secretsOfAuth(auth, to),
    ...Object.entries(sealed_headers).map(([name, sealed]) => ({ path: `headers.${name}`, sealed, to })),
    ...ofPayload.map(([name, sealed]) => ({ path: `payload.options.${name}`, sealed, to })),
  ];
}

/** Whether a secret of `auth` is given in the clear: one that is the same as before is not sealed anew. */
function givesSecret(given: GivenAuth | undefined): boolean {
  switch (given?.type) {
    case undefined:
    case "none":
      return false;
    case "basic":
      return given.password !== undefined;
    case "bearer":
      return given.token !== undefined;
    case "oauth2_client_credentials":
    case "oauth2_authorization_code":
      return typeof given.client_secret === "string";
  }
}

/** The secrets that a change would send elsewhere without giving them anew. */
export function misledSecrets(stored: Reach, changed: Reach, givenAuth: GivenAuth | undefined): readonly FieldError[] {
  const before = secretsOf(stored);
  const isGiven = givesSecret(givenAuth);
  return secretsOf(changed)
    .filter(({ sealed, to }) => before.some((known) => known.sealed === sealed && known.to !== to))
    .filter(({ path }) => !(isGiven && path.startsWith("auth.")))
    .map(({ path }) => ({ path, message: "has to be given again, or be taken away: it would go to another address" }));
}
