import { joinBytes } from "./hmac.ts";

// The signed message as a text with placeholders: `{{timestamp}}.{{body}}`.

const PLACEHOLDER = /\{\{\s*(id|timestamp|body|method|url|path)\s*\}\}/;
const ANY_PLACEHOLDER = /\{\{.*?\}\}/gs;

/** The parts of a request that a receiver of this gateway's webhooks knows, and those that only a sender's request has. */
export const OUTBOUND_PLACEHOLDERS = ["id", "timestamp", "body"] as const;
export const PLACEHOLDERS = [...OUTBOUND_PLACEHOLDERS, "method", "url", "path"] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

export type SignedParts = {
  readonly id: string;
  readonly timestamp: string;
  readonly body: Uint8Array;
  readonly method?: string;
  /** As the sender called it. */
  readonly url?: string;
  /** The path of the URL, with or without the query. */
  readonly path?: string;
};

function isPlaceholder(text: string | undefined): text is Placeholder {
  return PLACEHOLDERS.some((known) => known === text);
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
  return joinBytes(
    pieces.map((piece, index) => (index % 2 === 1 && isPlaceholder(piece) ? (parts[piece] ?? "") : piece)),
  );
}
