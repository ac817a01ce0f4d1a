import type { HmacAlgorithm, SignatureEncoding } from "../model/integration-auth.ts";

const HASHES = { sha1: "SHA-1", sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" } as const satisfies Record<
  HmacAlgorithm,
  string
>;
const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

export async function importHmacKey(algorithm: HmacAlgorithm, bytes: Uint8Array): Promise<CryptoKey> {
  return await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: HASHES[algorithm] }, false, ["sign"]);
}

export async function hmac(key: CryptoKey, message: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
}

/** The bytes that a text spells; null where it spells none. Base64 may be that of URLs, as Sanity writes it. */
export function decodeSignature(text: string, encoding: SignatureEncoding): Uint8Array | null {
  if (text === "" || /\s/.test(text)) return null;
  try {
    switch (encoding) {
      case "hex":
        return Uint8Array.fromHex(text);
      case "base64":
        return Uint8Array.fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
    }
  } catch {
    return null;
  }
}

export function encodeSignature(bytes: Uint8Array, encoding: SignatureEncoding): string {
  switch (encoding) {
    case "hex":
      return bytes.toHex();
    case "base64":
      return bytes.toBase64();
  }
}

/** Joins texts, as UTF-8, and bytes to one message. */
export function joinBytes(parts: readonly (string | Uint8Array)[]): Uint8Array {
  const chunks = parts.map((part) => (typeof part === "string" ? utf8(part) : part));
  const joined = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return joined;
}
