import type { KeyRing } from "../../crypto/key-ring.ts";
import type { Destination, DestinationAuth } from "../../model/destination.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { checkUrl } from "../../net/url-guard.ts";
import type { GivenAuth } from "./auth-fields.ts";
import type { ApiRequest } from "../request.ts";

type Errors = readonly FieldError[];

/** Returns the secret to store: the given one, sealed, or the stored one. A secret that did not change is not sealed again. */
async function resolveSecret(
  keys: KeyRing,
  given: string | undefined,
  path: string,
  id: string,
  sealed: string | null,
): Promise<Result<string, Errors>> {
  if (given === undefined) return sealed === null ? fail([{ path, message: "is required" }]) : ok(sealed);
  const known = sealed === null ? null : await keys.unseal(sealed, id);
  return ok(sealed !== null && known?.ok === true && known.value === given ? sealed : await keys.seal(given, id));
}

function urlErrors({ context, url: own }: ApiRequest, path: string, url: string): Errors {
  const checked = checkUrl(url, {
    allowPrivate: context.settings.allow_private_destinations,
    ownHosts: [own.host],
  });
  if (!checked.ok) return [{ path, message: checked.error }];
  return url.includes("#") ? [{ path, message: "must not contain a fragment" }] : [];
}

/** The stored `auth` if it has a type. */
function storedOf<Type extends DestinationAuth["type"]>(
  stored: Destination | null,
  type: Type,
): Extract<DestinationAuth, { type: Type }> | null {
  const hasType = (known: DestinationAuth): known is Extract<DestinationAuth, { type: Type }> => known.type === type;
  return stored !== null && hasType(stored.auth) ? stored.auth : null;
}

/** Resolves `auth` of a request to what is stored. `stored` is the destination that is updated, null for a new one. */
export async function resolveAuth(
  request: ApiRequest,
  given: GivenAuth,
  id: string,
  stored: Destination | null,
): Promise<Result<DestinationAuth, Errors>> {
  const { keys } = request.context;
  switch (given.type) {
    case "none":
      return ok({ type: "none" });
    case "basic": {
      const { type, username } = given;
      const before = storedOf(stored, type)?.sealed_password ?? null;
      const secret = await resolveSecret(keys, given.password, "auth.password", id, before);
      return secret.ok ? ok({ type, username, sealed_password: secret.value }) : secret;
    }
    case "bearer": {
      const { type } = given;
      const before = storedOf(stored, type)?.sealed_token ?? null;
      const secret = await resolveSecret(keys, given.token, "auth.token", id, before);
      return secret.ok ? ok({ type, sealed_token: secret.value }) : secret;
    }
    case "aws_sigv4": {
      const { type, access_key_id, region, service, secret_access_key: key, session_token: token } = given;
      const known = storedOf(stored, type);
      const path = "auth.secret_access_key";
      const secret = await resolveSecret(keys, key, path, id, known?.sealed_secret_access_key ?? null);
      if (!secret.ok) return secret;
      // The token belongs to its key: a new key comes with its own, or with none.
      const kept = key === undefined ? (known?.sealed_session_token ?? null) : null;
      const sealed_session_token = token === undefined ? kept : token === null ? null : await keys.seal(token, id);
      const names = { type, access_key_id, region, service };
      return ok({ ...names, sealed_secret_access_key: secret.value, sealed_session_token });
    }
    case "oauth2_client_credentials": {
      const { type, client_secret, ...client } = given;
      const before = storedOf(stored, type)?.sealed_client_secret ?? null;
      const secret = await resolveSecret(keys, client_secret, "auth.client_secret", id, before);
      const errors = [...urlErrors(request, "auth.token_url", client.token_url), ...(secret.ok ? [] : secret.error)];
      return errors.length === 0 && secret.ok
        ? ok({ type, ...client, sealed_client_secret: secret.value })
        : fail(errors);
    }
    case "oauth2_authorization_code": {
      const { type, client_secret, ...client } = given;
      const before = storedOf(stored, type)?.sealed_client_secret ?? null;
      const isPublic = client_secret === null || (client_secret === undefined && before === null);
      const secret = isPublic
        ? ok(null)
        : await resolveSecret(keys, client_secret ?? undefined, "auth.client_secret", id, before);
      const errors = [
        ...urlErrors(request, "auth.auth_url", client.auth_url),
        ...urlErrors(request, "auth.token_url", client.token_url),
        ...(secret.ok ? [] : secret.error),
      ];
      return errors.length === 0 && secret.ok
        ? ok({ type, ...client, sealed_client_secret: secret.value })
        : fail(errors);
    }
  }
}
