import * as z from "zod";
import type { Signing } from "../model/destination.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { generateSecret } from "../secrets/key-ring.ts";
import { keySourceOf } from "../signing/outbound.ts";

const LONGEST_TEXT = 1_000;

/** A secret as it may come at all; what it has to look like depends on the scheme. */
export const anySecret = z
  .string()
  .min(1, "may not be empty")
  .max(LONGEST_TEXT)
  .refine((text) => text.isWellFormed(), "may not hold broken text");

/** What a scheme's secret looks like: `whsec_…`, any text, or there is none. */
export type SecretForm = "whsec" | "text" | "none";

export function secretFormOf(signing: Signing): SecretForm {
  if (keySourceOf(signing) !== "secrets") return "none";
  return signing.scheme === "hmac" ? "text" : "whsec";
}

export function isWebhookSecret(text: string): boolean {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  try {
    const { length } = Uint8Array.fromBase64(text.slice("whsec_".length), { lastChunkHandling: "strict" });
    return length >= 24 && length <= 64;
  } catch {
    return false;
  }
}

/** The given secret where it has the form that is needed, or a new one; the error says what is wrong with it. */
export function chooseSecret(form: "whsec" | "text", given: string | undefined): Result<string, string> {
  if (given === undefined) return ok(generateSecret("whsec_"));
  if (form === "text" || isWebhookSecret(given)) return ok(given);
  return fail('has to be "whsec_" and the base64 of 24 to 64 bytes');
}
