import type { BudgetSource } from "../../model/budget.ts";
import type { JsonObject } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { fitsInBucket } from "../../storage/destinations/documents.ts";
import { parseTemplate, renderTemplate } from "../../templates/liquid.ts";

// Control and format characters, which include those that change the direction of writing, and unpaired surrogates.
const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Returns a part of a key that every program reads as a plain name; null if nothing is left of it. */
function cleanSegment(segment: string): string | null {
  const shown = segment.replaceAll(UNSHOWABLE, "_").trim();
  if (shown === "") return null;
  return shown === "." || shown === ".." ? "_".repeat(shown.length) : shown;
}

/** Returns the key for a text: its parts between slashes without the empty ones; "" if nothing is left. */
export function cleanKey(text: string): string {
  return text
    .split("/")
    .map(cleanSegment)
    .filter((segment) => segment !== null)
    .join("/");
}

/** Returns the key of an event's document below the destination's folder. The error is for the log. */
export function documentKey(
  destinationId: string,
  folder: string,
  template: string,
  scope: JsonObject,
  work?: BudgetSource,
): Result<string, string> {
  const parsed = parseTemplate(template);
  if (!parsed.ok) return fail(`The document's key ${parsed.error}.`);
  const rendered = renderTemplate(parsed.value, scope, work);
  if (!rendered.ok) return rendered;
  const name = cleanKey(rendered.value);
  if (name === "") return fail("The template of the document's key gives an empty text for this event.");
  const key = folder + name;
  // A key that is too long is not cut: two documents could then get the same key.
  if (fitsInBucket(destinationId, key)) return ok(key);
  return fail("The template of the document's key gives more than the 1,024 bytes that a key can have.");
}
