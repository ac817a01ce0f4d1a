import { type KeyRing, unsealStored } from "../../crypto/key-ring.ts";
import type { Destination, SealedSecret, Signing } from "../../model/destination.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import type { GivenSigning } from "./signing-fields.ts";
import { chooseSecret, isWebhookSecret, secretFormOf } from "./signing-secret.ts";

/** The signing to store, and the secret in clear text if it is new. */
export type ResolvedSigning = {
  readonly signing: Signing;
  /** Undefined to keep what is stored, so that a rotation at the same time is not undone. */
  readonly signing_secrets: readonly SealedSecret[] | undefined;
  readonly revealed: string | null;
};

type Errors = readonly FieldError[];

/** The scheme with its options: those that are omitted keep their stored values or have defaults. */
function resolveScheme(given: GivenSigning, stored: Signing | null): Result<Signing, Errors> {
  switch (given.scheme) {
    case "standard-webhooks":
    case "standard-webhooks-ed25519":
    case "none":
      return ok({ scheme: given.scheme });
    case "rfc9421": {
      const known = stored?.scheme === "rfc9421" ? stored : null;
      return ok({ scheme: "rfc9421", algorithm: given.algorithm ?? known?.algorithm ?? "ed25519" });
    }
    case "hmac": {
      const known = stored?.scheme === "hmac" ? stored : null;
      const header = given.header ?? known?.header;
      if (header === undefined) return fail([{ path: "signing.header", message: "is required" }]);
      return ok({
        scheme: "hmac",
        header,
        algorithm: given.algorithm ?? known?.algorithm ?? "sha256",
        encoding: given.encoding ?? known?.encoding ?? "hex",
        prefix: given.prefix ?? known?.prefix ?? "",
        template: given.template ?? known?.template ?? "{{body}}",
      });
    }
  }
}

async function opensAsWebhookSecret(keys: KeyRing, sealed: string, id: string): Promise<boolean> {
  const opened = await unsealStored(keys, sealed, id);
  return opened.ok && isWebhookSecret(opened.value);
}

/** Whether the stored secrets of a destination have the form that a scheme needs. */
async function canKeep(keys: KeyRing, stored: Destination, form: "whsec" | "text"): Promise<boolean> {
  if (stored.signing_secrets.length === 0) return false;
  if (form === "text" || secretFormOf(stored.signing) === form) return true;
  const fits = await Promise.all(
    stored.signing_secrets.map(({ sealed }) => opensAsWebhookSecret(keys, sealed, stored.id)),
  );
  return fits.every(Boolean);
}

/** Resolves `signing` of a request. `stored` is the destination that is updated, null for a new one. */
export async function resolveSigning(
  keys: KeyRing,
  given: GivenSigning,
  id: string,
  stored: Destination | null,
): Promise<Result<ResolvedSigning, Errors>> {
  const signing = resolveScheme(given, stored?.signing ?? null);
  if (!signing.ok) return signing;
  const givenSecret = "secret" in given ? given.secret : undefined;
  const form = secretFormOf(signing.value);
  if (form === "none") {
    if (givenSecret === undefined) return ok({ signing: signing.value, signing_secrets: [], revealed: null });
    return fail([{ path: "signing.secret", message: "is not used: the gateway's own key signs" }]);
  }
  if (givenSecret === undefined && stored !== null && (await canKeep(keys, stored, form))) {
    return ok({ signing: signing.value, signing_secrets: undefined, revealed: null });
  }
  const chosen = chooseSecret(form, givenSecret);
  if (!chosen.ok) return fail([{ path: "signing.secret", message: chosen.error }]);
  const sealed = await keys.seal(chosen.value, id);
  return ok({
    signing: signing.value,
    signing_secrets: [{ sealed, expires_at: null }],
    revealed: chosen.value,
  });
}
