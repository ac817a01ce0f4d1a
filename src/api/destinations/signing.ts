import * as z from "zod/mini";
import {
  type Destination,
  RFC9421_ALGORITHMS,
  SIGNING_SCHEMES,
  type SealedSecret,
  type Signing,
} from "../../model/destination.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { GATEWAY_HEADER } from "../../net/gateway-header.ts";
import type { Call } from "../call.ts";
import { headerName } from "../fields.ts";
import { hmacFields, hmacTemplate } from "../hmac-fields.ts";
import { RESERVED_HEADERS, RESERVED_PREFIX } from "../reserved-headers.ts";
import { anySecret, chooseSecret, isWebhookSecret, secretFormOf } from "./signing-secret.ts";

const TAKEN_HEADERS = new Set([
  ...RESERVED_HEADERS,
  "content-type",
  "authorization",
  "proxy-authorization",
  "user-agent",
  GATEWAY_HEADER,
]);

const ownHeader = headerName.check(
  z.refine(
    (name) => !TAKEN_HEADERS.has(name) && !name.startsWith(RESERVED_PREFIX) && name !== "__proto__",
    "has another use in what the gateway sends",
  ),
);

const secret = z.optional(anySecret);

/** How deliveries are to be signed, as it is given. */
export const signing = z.discriminatedUnion(
  "scheme",
  [
    z.strictObject({ scheme: z.literal("standard-webhooks"), secret }),
    z.strictObject({ scheme: z.literal("standard-webhooks-ed25519") }),
    z.strictObject({
      scheme: z.literal("rfc9421"),
      algorithm: z.optional(z.enum(RFC9421_ALGORITHMS)),
      secret,
    }),
    z.strictObject({ ...hmacFields(ownHeader), template: hmacTemplate, secret }),
    z.strictObject({ scheme: z.literal("none") }),
  ],
  { error: `has to be an object whose scheme is known here: ${SIGNING_SCHEMES.join(", ")}` },
);
export type GivenSigning = z.output<typeof signing>;

/** What is to be stored of a given `signing`, and the secret in the clear where it is new. */
export type SettledSigning = {
  readonly signing: Signing;
  /** Undefined where what is stored stays, so that a rotation that happens meanwhile is not undone. */
  readonly signing_secrets: readonly SealedSecret[] | undefined;
  readonly revealed: string | null;
};

type Faults = { readonly ok: false; readonly error: readonly FieldError[] };

function refuse(path: string, message: string): Faults {
  return fail([{ path, message }]);
}

/** The scheme with its options: those left out stay as they are stored, else have their defaults. */
function settleScheme(given: GivenSigning, stored: Signing | null): Result<Signing, readonly FieldError[]> {
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
      if (header === undefined) return refuse("signing.header", "is required");
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

async function opensAsWebhookSecret(call: Call, sealed: string, id: string): Promise<boolean> {
  const opened = await call.context.keys.unseal(sealed, id);
  return opened.ok && isWebhookSecret(opened.value);
}

/** Whether a destination's stored secrets go on under another scheme. */
async function canKeep(call: Call, stored: Destination, form: "whsec" | "text"): Promise<boolean> {
  if (stored.signing_secrets.length === 0) return false;
  if (form === "text" || secretFormOf(stored.signing) === form) return true;
  const fits = await Promise.all(
    stored.signing_secrets.map(({ sealed }) => opensAsWebhookSecret(call, sealed, stored.id)),
  );
  return fits.every(Boolean);
}

/** Settles a given `signing`; `stored` is the destination that is changed, null for a new one. */
export async function settleSigning(
  call: Call,
  given: GivenSigning,
  id: string,
  stored: Destination | null,
): Promise<Result<SettledSigning, readonly FieldError[]>> {
  const settled = settleScheme(given, stored?.signing ?? null);
  if (!settled.ok) return settled;
  const givenSecret = "secret" in given ? given.secret : undefined;
  const form = secretFormOf(settled.value);
  if (form === "none") {
    if (givenSecret !== undefined) return refuse("signing.secret", "is not used: the gateway's own key signs");
    return ok({ signing: settled.value, signing_secrets: [], revealed: null });
  }
  if (givenSecret === undefined && stored !== null && (await canKeep(call, stored, form))) {
    return ok({ signing: settled.value, signing_secrets: undefined, revealed: null });
  }
  const chosen = chooseSecret(form, givenSecret);
  if (!chosen.ok) return refuse("signing.secret", chosen.error);
  const sealed = await call.context.keys.seal(chosen.value, id);
  return ok({
    signing: settled.value,
    signing_secrets: [{ sealed, expires_at: null }],
    revealed: chosen.value,
  });
}
