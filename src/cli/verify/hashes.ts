// The hashes of the log, and the signature at their end. It uses what browsers and workerd have, too.

const encoder = new TextEncoder();

export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

async function sha256(...parts: readonly Uint8Array[]): Promise<string> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** Returns the hash of a row, in hex. */
export async function hashOfRow(salt: string, row: string): Promise<string> {
  return await sha256(fromHex(salt), encoder.encode(row));
}

/** Returns the root of a segment, in hex. */
export async function rootOf(hashes: readonly Uint8Array[]): Promise<string> {
  return await sha256(...hashes);
}

/** Returns the end of a chain after a segment, in hex. */
export async function chainedTo(previous: string, id: string, root: string): Promise<string> {
  return await sha256(fromHex(previous), encoder.encode(id), fromHex(root));
}

/** A part of a JWS as text. */
export function textOfPart(part: string): string {
  return new TextDecoder().decode(fromBase64Url(part));
}

/** Returns whether a JWS has the signature of an Ed25519 key, given as the `x` of its JWK. */
export async function isSignedBy(x: string, jws: string): Promise<boolean> {
  const [header = "", payload = "", signature = ""] = jws.split(".");
  const key = await crypto.subtle.importKey("raw", fromBase64Url(x), { name: "Ed25519" }, false, ["verify"]);
  const signed = encoder.encode(`${header}.${payload}`);
  return await crypto.subtle.verify("Ed25519", key, fromBase64Url(signature), signed);
}
