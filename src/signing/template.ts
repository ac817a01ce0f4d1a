import { joinBytes } from "./hmac.ts";

// The signed message as a text with placeholders: `{{timestamp}}.{{body}}`.

const PLACEHOLDER = /\{\{\s*(id|timestamp|body)\s*\}\}/;
const ANY_PLACEHOLDER = /\{\{.*?\}\}/gs;

export type Placeholder = "id" | "timestamp" | "body";
export type SignedParts = { readonly id: string; readonly timestamp: string; readonly body: Uint8Array };

function isPlaceholder(text: string | undefined): text is Placeholder {
  return text === "id" || text === "timestamp" || text === "body";
}

/** Returns the placeholders of a template in their order; null if one of them is unknown. */
export function placeholdersOf(template: string): readonly Placeholder[] | null {
  const placeholders: Placeholder[] = [];
  for (const [written] of template.matchAll(ANY_PLACEHOLDER)) {
    const name = PLACEHOLDER.exec(written)?.[1];
    if (!isPlaceholder(name)) return null;
    placeholders.push(name);
  }
  return placeholders;
}

/** Returns the bytes to sign. Inserted values are not scanned again, so that a body may contain `{{id}}`. */
export function renderSigned(template: string, parts: SignedParts): Uint8Array {
  // Splitting by a pattern with a group returns texts at even indexes and the group's matches at odd ones.
  const pieces = template.split(new RegExp(PLACEHOLDER, "g"));
  return joinBytes(pieces.map((piece, index) => (index % 2 === 1 && isPlaceholder(piece) ? parts[piece] : piece)));
}
