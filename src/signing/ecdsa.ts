const SEQUENCE = 0x30;
const INTEGER = 0x02;
const NUMBER_BYTES = 32;

/** Reads a positive number of at most 32 bytes. Returns it at its full length, and where it ends; null for other bytes. */
function numberAt(der: Uint8Array, start: number): { readonly bytes: Uint8Array; readonly end: number } | null {
  const [tag, length = 0, first = 0, second = 0] = der.subarray(start);
  const end = start + 2 + length;
  if (tag !== INTEGER || length === 0 || length > NUMBER_BYTES + 1 || end > der.length) return null;
  // A leading zero keeps a number positive. DER has one only where it is needed.
  const hasZero = first === 0;
  if (first >= 0x80 || (hasZero && (length === 1 || second < 0x80))) return null;
  const digits = der.subarray(start + (hasZero ? 3 : 2), end);
  if (digits.length > NUMBER_BYTES) return null;
  const bytes = new Uint8Array(NUMBER_BYTES);
  bytes.set(digits, NUMBER_BYTES - digits.length);
  return { bytes, end };
}

/**
 * Returns a signature of ECDSA with P-256 in the form that WebCrypto takes, two numbers of 32 bytes, from its DER, which most
 * libraries write. Returns null for any other bytes.
 */
export function fromDer(der: Uint8Array | null): Uint8Array | null {
  if (der === null || der[0] !== SEQUENCE || der[1] !== der.length - 2) return null;
  const r = numberAt(der, 2);
  const s = r === null ? null : numberAt(der, r.end);
  if (r === null || s === null || s.end !== der.length) return null;
  return Uint8Array.from([...r.bytes, ...s.bytes]);
}
