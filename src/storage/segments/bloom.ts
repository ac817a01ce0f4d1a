// A Bloom filter: it may say that it has a text that it does not have, about once in a hundred, and never the reverse.

const BITS_PER_TEXT = 10;
const PROBES = 7;

function fnv(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function* bitsOf(text: string, size: number): Generator<number> {
  const first = fnv(text, 0x811c9dc5);
  const step = fnv(text, 0x9e3779b9) | 1;
  for (let probe = 0; probe < PROBES; probe++) yield ((first + Math.imul(probe, step)) >>> 0) % size;
}

/** Returns a filter of some texts, in base64, or null if there are none. */
export function bloomOf(texts: Iterable<string>): string | null {
  const all = new Set(texts);
  if (all.size === 0) return null;
  const bytes = new Uint8Array(Math.ceil((all.size * BITS_PER_TEXT) / 8));
  for (const text of all) {
    for (const bit of bitsOf(text, bytes.length * 8)) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
  return bytes.toBase64();
}

/** Returns whether a filter may have a text. */
export function mayHave(filter: string | null, text: string): boolean {
  if (filter === null) return false;
  const bytes = Uint8Array.fromBase64(filter);
  for (const bit of bitsOf(text, bytes.length * 8)) {
    if (((bytes[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}
