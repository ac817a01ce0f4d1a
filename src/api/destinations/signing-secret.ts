import * as z from "zod/mini";
import type { Signing } from "../../model/destination.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { generateSecret } from "../../crypto/key-ring.ts";
import { keySourceOf } from "../../signing/outbound.ts";
import { secretBytes } from "../../signing/schemes/standard-webhooks.ts";

const MAX_TEXT = 1_000;

/** A secret as it may come at all; what it has to look like depends on the scheme. */
export const anySecret = z.string().check(
  z.minLength(1, "may not be empty"),
  z.maxLength(MAX_TEXT),
  z.refine((text) => text.isWellFormed(), "may not hold broken text"),
);

/** What a scheme's secret looks like: `whsec_…`, any text, or there is none. */
export type SecretForm = "whsec" | "text" | "none";

export function secretFormOf(signing: Signing): SecretForm {
  if (keySourceOf(signing) !== "secrets") return "none";
  return signing.scheme === "hmac" ? "text" : "whsec";
}

/** Whether a text is a `whsec_…` secret as every receiver's library reads it: base64 with its padding, and nothing besides. */
export function isWebhookSecret(text: string): boolean {
  const bytes = secretBytes(text);
  return bytes !== null && text === `whsec_${bytes.toBase64()}`;
}

/** The given secret where it has the form that is needed, or a new one; the error says what is wrong with it. */
export function chooseSecret(form: "whsec" | "text", given: string | undefined): Result<string, string> {
  if (given === undefined) return ok(generateSecret("whsec_"));
  if (form === "text" || isWebhookSecret(given)) return ok(given);
  return fail('has to be "whsec_" and the base64 of 24 to 64 bytes');
}
