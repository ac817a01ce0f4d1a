type Bytes = Uint8Array<ArrayBuffer>;

// `Uint8Array.fromBase64` and `fromHex` are missing in Node 20 and in browsers of the same age.

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const HEX = /^(?:[0-9a-f]{2})+$/i;

const encoder = new TextEncoder();

export function utf8(text: string): Bytes {
  return new Uint8Array(encoder.encode(text));
}

/** The bytes of a base64 text with padding; null if it is not one. */
export function fromBase64(text: string): Bytes | null {
  if (!BASE64.test(text) || text.length % 4 !== 0) return null;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** The bytes of a base64url text without padding, as in a JSON Web Key; null if it is not one. */
export function fromBase64Url(text: string): Bytes | null {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  return fromBase64(plain + "=".repeat((4 - (plain.length % 4)) % 4));
}

export function toBase64(bytes: Bytes): string {
  return btoa(String.fromCharCode(...bytes));
}

/** The bytes of a hexadecimal text; null if it is not one. */
export function fromHex(text: string): Bytes | null {
  if (!HEX.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function concat(parts: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.byteLength;
  }
  return all;
}
