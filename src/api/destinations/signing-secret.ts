import * as z from "zod/mini";
import { generateSecret } from "../../crypto/key-ring.ts";
import type { Signing } from "../../model/destination.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { keySourceOf } from "../../signing/outbound.ts";
import { secretBytes } from "../../signing/standard-webhooks.ts";

const MAX_TEXT = 1_000;

/** A secret of any scheme; each scheme checks its form further. */
export const anySecret = z.string().check(
  z.minLength(1, "must not be empty"),
  z.maxLength(MAX_TEXT),
  z.refine((text) => text.isWellFormed(), "must not contain broken text"),
);

/** The form of a scheme's secret: `whsec_…`, any text, or none. */
export type SecretForm = "whsec" | "text" | "none";

export function secretFormOf(signing: Signing): SecretForm {
  const source = keySourceOf(signing);
  return source.kind === "secrets" ? source.form : "none";
}

/** Whether a text is a `whsec_…` secret that every receiver's library can read: padded base64 and nothing else. */
export function isWebhookSecret(text: string): boolean {
  const bytes = secretBytes(text);
  return bytes !== null && text === `whsec_${bytes.toBase64()}`;
}

/** Returns the given secret if it has the form, or a generated one if none is given. */
export function chooseSecret(form: "whsec" | "text", given: string | undefined): Result<string, string> {
  if (given === undefined) return ok(generateSecret("whsec_"));
  if (form === "text" || isWebhookSecret(given)) return ok(given);
  return fail('must be "whsec_" and the base64 of 24 to 64 bytes');
}
