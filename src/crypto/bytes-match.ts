/** Returns whether two byte strings are equal, in a time that depends on their lengths only. */
export function bytesMatch(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && crypto.subtle.timingSafeEqual(a, b);
}
