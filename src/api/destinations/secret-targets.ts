import { findProvider } from "../../delivery/providers/registry.ts";
import type { Destination, DestinationAuth } from "../../model/destination.ts";
import type { FieldError } from "../../model/result.ts";
import type { GivenAuth } from "./auth-fields.ts";

// A stored secret is sent only to the target that it was given for. Otherwise a client that may change a destination, but does
// not know its secrets, could read them by pointing the destination at its own address.

/** The fields of a destination that contain secrets or decide where secrets are sent. */
export type SecretTargets = Pick<
  Destination,
  "type" | "url" | "options" | "auth" | "sealed_headers" | "payload" | "requests"
>;

/** A stored secret: the field that it is given in, and where it is sent. */
type Secret = { readonly path: string; readonly sealed: string; readonly to: string };

function originOf(url: string): string {
  return URL.parse(url)?.origin ?? url;
}

function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function authSecrets(auth: DestinationAuth, target: string): readonly Secret[] {
  switch (auth.type) {
    case "none":
      return [];
    case "basic":
      return [{ path: "auth.password", sealed: auth.sealed_password, to: target }];
    case "bearer":
      return [{ path: "auth.token", sealed: auth.sealed_token, to: target }];
    case "aws_sigv4": {
      const { sealed_secret_access_key, sealed_session_token: token } = auth;
      const secrets = [{ path: "auth.secret_access_key", sealed: sealed_secret_access_key, to: target }];
      return token === null ? secrets : [...secrets, { path: "auth.session_token", sealed: token, to: target }];
    }
    case "oauth2_client_credentials": {
      // The token that the secret buys goes to the destination.
      const to = `${originOf(auth.token_url)} ${target}`;
      return [{ path: "auth.client_secret", sealed: auth.sealed_client_secret, to }];
    }
    case "oauth2_authorization_code": {
      // Any change of the target drops the authorization.
      const { sealed_client_secret: sealed, token_url } = auth;
      return sealed === null ? [] : [{ path: "auth.client_secret", sealed, to: originOf(token_url) }];
    }
  }
}

/** Every secret of a destination with its target. */
function secretTargets(destination: SecretTargets): readonly Secret[] {
  const { type, url, options, auth, sealed_headers, payload, requests } = destination;
  const own = findProvider(type)?.target({ url, options }) ?? "";
  const hosts = Object.values(requests).flatMap((request) => (request.url === undefined ? [] : originOf(request.url)));
  const others = [...new Set(hosts)].filter((host) => host !== own).toSorted(byText);
  const to = [own, ...others].join(" ");
  const presetOptions = payload.mode === "preset" ? Object.entries(payload.sealed_options) : [];
  return [
    ...authSecrets(auth, to),
    ...Object.entries(sealed_headers).map(([name, sealed]) => ({ path: `headers.${name}`, sealed, to })),
    ...presetOptions.map(([name, sealed]) => ({ path: `payload.options.${name}`, sealed, to })),
  ];
}

/** Whether `auth` contains its secret in clear text. A secret that did not change is not sealed again. */
function givesSecret(given: GivenAuth | undefined): boolean {
  switch (given?.type) {
    case undefined:
    case "none":
      return false;
    case "basic":
      return given.password !== undefined;
    case "bearer":
      return given.token !== undefined;
    case "aws_sigv4":
      return given.secret_access_key !== undefined;
    case "oauth2_client_credentials":
    case "oauth2_authorization_code":
      return typeof given.client_secret === "string";
  }
}

/** The secrets that a change would send to another target without giving them again. */
export function secretsNeedingReentry(
  stored: SecretTargets,
  changed: SecretTargets,
  givenAuth: GivenAuth | undefined,
): readonly FieldError[] {
  const before = secretTargets(stored);
  const isGiven = givesSecret(givenAuth);
  return secretTargets(changed)
    .filter(({ sealed, to }) => before.some((known) => known.sealed === sealed && known.to !== to))
    .filter(({ path }) => !(isGiven && path.startsWith("auth.")))
    .map(({ path }) => ({ path, message: "must be given again or removed: it would be sent to another address" }));
}
