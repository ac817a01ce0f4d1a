import type { Destination } from "../../model/destination.ts";
import type { IntegrationAuth } from "../../model/integration-auth.ts";
import { type Json, isJsonObject } from "../../model/json.ts";
import type { GivenSigning } from "../destinations/signing-fields.ts";
import { DEFAULT_TOKEN_HEADER } from "../integrations/resolve-auth.ts";

// An entry of a document describes a thing completely: what it leaves out has its default, and only secrets stay. These functions
// take from what is stored what a change by PATCH would keep beside the secrets.

/** A stored authentication with nothing but its secrets. */
export function withoutOptions(auth: IntegrationAuth): IntegrationAuth {
  switch (auth.type) {
    case "none":
    case "basic":
    case "bearer":
      return auth;
    case "token":
      return { ...auth, header: DEFAULT_TOKEN_HEADER };
    case "signature": {
      const { type, scheme, sealed_secret, verify_token_hash, previous } = auth;
      return {
        type,
        scheme,
        sealed_secret,
        ...(verify_token_hash === undefined ? {} : { verify_token_hash }),
        ...(previous === undefined ? {} : { previous }),
      };
    }
  }
}

/** A given signing with the defaults of its scheme. */
export function withSigningDefaults(given: GivenSigning): GivenSigning {
  switch (given.scheme) {
    case "standard-webhooks":
    case "standard-webhooks-ed25519":
    case "none":
      return given;
    case "rfc9421":
      return { ...given, algorithm: given.algorithm ?? "ed25519" };
    case "hmac":
      return {
        ...given,
        algorithm: given.algorithm ?? "sha256",
        encoding: given.encoding ?? "hex",
        prefix: given.prefix ?? "",
        template: given.template ?? "{{body}}",
      };
  }
}

/** A stored destination without the secret options of its preset that an entry does not name. */
export function withoutUnnamedOptions(stored: Destination, options: Json | undefined): Destination {
  const { payload } = stored;
  if (payload.mode !== "preset") return stored;
  const named = isJsonObject(options) ? options : {};
  const kept = Object.entries(payload.sealed_options).filter(([name]) => Object.hasOwn(named, name));
  return { ...stored, payload: { ...payload, sealed_options: Object.fromEntries(kept) } };
}
