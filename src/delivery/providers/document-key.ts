import type { JsonObject } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { fitsInBucket } from "../../storage/destinations/documents.ts";
import { parseTemplate, renderTemplate } from "../../templates/liquid.ts";

// Control and format characters, among them those that turn the direction of writing, and halves of others.
const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A part of a key that every tool takes for a plain name; null where nothing is left of it. */
function cleanSegment(segment: string): string | null {
  const shown = segment.replaceAll(UNSHOWABLE, "_").trim();
  if (shown === "") return null;
  return shown === "." || shown === ".." ? "_".repeat(shown.length) : shown;
}

/** Makes a key of a text: its parts between slashes, those that are empty left out. "" where nothing is left. */
export function cleanKey(text: string): string {
  return text
    .split("/")
    .map(cleanSegment)
    .filter((segment) => segment !== null)
    .join("/");
}

/** The key, below a folder of its destination's, of the document that an event makes; the error is for the log. */
export function documentKey(
  destinationId: string,
  folder: string,
  template: string,
  scope: JsonObject,
): Result<string, string> {
  const parsed = parseTemplate(template);
  if (!parsed.ok) return fail(`The document's key ${parsed.error}.`);
  const rendered = renderTemplate(parsed.value, scope);
  if (!rendered.ok) return rendered;
  const name = cleanKey(rendered.value);
  if (name === "") return fail("The template of the document's key gives an empty text for this event.");
  const key = folder + name;
  // It is not cut: two documents could then become one.
  if (fitsInBucket(destinationId, key)) return ok(key);
  return fail("The template of the document's key gives more than the 1,024 bytes that a key can have.");
}
