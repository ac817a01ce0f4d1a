import { joinBytes } from "./hmac.ts";

// What is signed, written as a text with places in it: `{{timestamp}}.{{body}}`.

const PLACE = /\{\{\s*(id|timestamp|body)\s*\}\}/;
const ANY_PLACE = /\{\{.*?\}\}/gs;

export type Place = "id" | "timestamp" | "body";
export type SignedParts = { readonly id: string; readonly timestamp: string; readonly body: Uint8Array };

function isPlace(text: string | undefined): text is Place {
  return text === "id" || text === "timestamp" || text === "body";
}

/** The places of a template, in order; null where it has one that is not known. */
export function placesOf(template: string): readonly Place[] | null {
  const places: Place[] = [];
  for (const [written] of template.matchAll(ANY_PLACE)) {
    const name = PLACE.exec(written)?.[1];
    if (!isPlace(name)) return null;
    places.push(name);
  }
  return places;
}

/** The bytes to sign. What is put in is never looked at again, so a body may hold `{{id}}`. */
export function renderSigned(template: string, parts: SignedParts): Uint8Array {
  // Splitting by a pattern with a group gives texts at even places and what the group held at odd ones.
  const pieces = template.split(new RegExp(PLACE, "g"));
  return joinBytes(pieces.map((piece, index) => (index % 2 === 1 && isPlace(piece) ? parts[piece] : piece)));
}
