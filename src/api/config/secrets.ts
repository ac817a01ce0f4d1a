import { type KeyRing, textsMatch } from "../../crypto/key-ring.ts";
import type { Destination } from "../../model/destination.ts";
import type { Integration } from "../../model/integration.ts";
import { type Json, type JsonObject, memberOf } from "../../model/json.ts";
import type { FieldError } from "../../model/result.ts";
import { inboundScheme, learnsSecret } from "../../signing/schemes/registry.ts";
import { REDACTED } from "../destinations/headers.ts";
import { type Place, type SecretKind, placesIn, referencedName, valueAtPath, withValueAt } from "./secret-places.ts";

/** A secret as it is stored. */
type StoredSecret = { readonly hash: string } | { readonly sealed: string };

/** Finds what is stored at a place of an entry; null if the entry would replace it by a secret of another kind. */
type FindStored = (place: Place, entry: JsonObject) => StoredSecret | null;

export function storedInIntegration(stored: Integration | null): FindStored {
  return ({ field }, entry) => {
    const auth = stored?.auth ?? { type: "none" };
    const given = memberOf(entry, "auth");
    if (memberOf(given, "type") !== auth.type) return null;
    switch (auth.type) {
      case "none":
        return null;
      case "token":
      case "bearer":
        return field === "token" ? { hash: auth.token_hash } : null;
      case "basic":
        return field === "password" ? { hash: auth.password_hash } : null;
      case "signature":
        if (memberOf(given, "scheme") !== auth.scheme) return null;
        if (field === "secret") return auth.sealed_secret === "" ? null : { sealed: auth.sealed_secret };
        return field === "verify_token" && auth.verify_token_hash !== undefined
          ? { hash: auth.verify_token_hash }
          : null;
    }
  };
}

function storedAuth({ auth }: Destination, field: string): string | null {
  switch (auth.type) {
    case "none":
      return null;
    case "basic":
      return field === "password" ? auth.sealed_password : null;
    case "bearer":
      return field === "token" ? auth.sealed_token : null;
    case "aws_sigv4":
      if (field === "secret_access_key") return auth.sealed_secret_access_key;
      return field === "session_token" ? auth.sealed_session_token : null;
    case "oauth2_client_credentials":
    case "oauth2_authorization_code":
      return field === "client_secret" ? auth.sealed_client_secret : null;
  }
}

function own(map: Readonly<Record<string, string>>, name: string): string | null {
  return Object.hasOwn(map, name) ? (map[name] ?? null) : null;
}

function asSealed(sealed: string | null | undefined): StoredSecret | null {
  return sealed === null || sealed === undefined ? null : { sealed };
}

export function storedInDestination(stored: Destination | null): FindStored {
  return ({ path: [part, name = ""], path: [, , option = ""], field }, entry) => {
    if (stored === null) return null;
    switch (part) {
      case "auth":
        return memberOf(memberOf(entry, "auth"), "type") === stored.auth.type
          ? asSealed(storedAuth(stored, field))
          : null;
      case "signing": {
        const isSame = memberOf(memberOf(entry, "signing"), "scheme") === stored.signing.scheme;
        return isSame ? asSealed(stored.signing_secrets[0]?.sealed) : null;
      }
      case "headers":
        return asSealed(own(stored.sealed_headers, name.toLowerCase()));
      case "payload": {
        const { payload } = stored;
        const isSame = payload.mode === "preset" && memberOf(memberOf(entry, "payload"), "preset") === payload.preset;
        return isSame ? asSealed(own(payload.sealed_options, option)) : null;
      }
      case undefined:
      default:
        return null;
    }
  };
}

async function isStored(keys: KeyRing, stored: StoredSecret | null, value: string, id: string): Promise<boolean> {
  if (stored === null) return false;
  if ("hash" in stored) return await keys.tokenMatches(value, stored.hash);
  const opened = await keys.unseal(stored.sealed, id);
  return opened.ok && textsMatch(opened.value, value);
}

/** Whether the gateway generates or learns a secret that is not given. */
function isGenerated(kind: SecretKind, { path: [part], field }: Place, entry: JsonObject): boolean {
  if (kind === "destination") return part === "signing";
  if (field !== "secret") return true;
  const scheme = memberOf(memberOf(entry, "auth"), "scheme");
  if (typeof scheme !== "string") return false;
  return learnsSecret(scheme) || (inboundScheme(scheme)?.secret?.generated_prefix ?? null) !== null;
}

/** An entry whose references are replaced by what the endpoints of its resource accept. */
export type OpenedEntry = {
  readonly entry: JsonObject;
  readonly errors: readonly FieldError[];
  /** The names of secrets that are to be generated, by their fields. */
  readonly generated: ReadonlyMap<string, string>;
  /** The fields whose values came along. */
  readonly given: ReadonlySet<string>;
  /** Headers whose values are secrets. */
  readonly secret_headers: readonly string[];
};

/**
 * Replaces the references to secrets of an entry. A value that is stored already is left out, so that it stays as it is. One
 * that does not come along is kept, else generated, else an error.
 */
export async function openSecrets(
  keys: KeyRing,
  kind: SecretKind,
  given: JsonObject,
  values: JsonObject,
  id: string,
  findStored: FindStored,
): Promise<OpenedEntry> {
  let entry = given;
  const errors: FieldError[] = [];
  const generated = new Map<string, string>();
  const came = new Set<string>();
  const secret_headers: string[] = [];
  for (const place of placesIn(kind, given)) {
    const { path, field } = place;
    const written = valueAtPath(given, path);
    const name = referencedName(written);
    const value: Json | undefined = name === null ? written : memberOf(values, name);
    const isHeader = path[0] === "headers";
    if (name !== null && isHeader) secret_headers.push((path[1] ?? "").toLowerCase());
    const stored = findStored(place, given);
    const kept = isHeader ? REDACTED : undefined;
    if (name !== null && value === undefined) {
      if (stored !== null) entry = withValueAt(entry, path, kept);
      else if (isGenerated(kind, place, given)) {
        generated.set(field, name);
        entry = withValueAt(entry, path, undefined);
      } else {
        entry = withValueAt(entry, path, undefined);
        errors.push({ path: path.join("."), message: `needs its value: send the secret ${name}` });
      }
    } else if (typeof value === "string") {
      came.add(field);
      const isKnown = await isStored(keys, stored, value, id);
      entry = withValueAt(entry, path, isKnown ? kept : value);
    }
  }
  return { entry, errors, generated, given: came, secret_headers };
}
