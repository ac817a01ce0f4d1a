// Reads the public key of an X.509 certificate (RFC 5280), which WebCrypto cannot.

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
/** The tag of the version, which the oldest certificates lack. */
const VERSION = 0xa0;
const MAX_LENGTH_BYTES = 3;
const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/;
const TIME = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/;

type Element = { readonly tag: number; readonly whole: Uint8Array; readonly content: Uint8Array };

/** Returns the element of DER at the start of bytes; null if there is none. */
function elementIn(bytes: Uint8Array): Element | null {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return null;
  const count = first < 0x80 ? 0 : first - 0x80;
  if (first === 0x80 || count > MAX_LENGTH_BYTES || bytes.length < 2 + count) return null;
  const length = count === 0 ? first : bytes.subarray(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
  const end = 2 + count + length;
  return end > bytes.length ? null : { tag, whole: bytes.subarray(0, end), content: bytes.subarray(2 + count, end) };
}

/** Returns the elements that bytes consist of; none if they are not elements to their end. */
function elementsIn(bytes: Uint8Array): readonly Element[] {
  const elements: Element[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const element = elementIn(rest);
    if (element === null) return [];
    elements.push(element);
    rest = rest.subarray(element.whole.length);
  }
  return elements;
}

/** Returns the elements of a sequence; none if the element is not one. */
function membersOf(element: Element | null | undefined): readonly Element[] {
  return element?.tag === SEQUENCE ? elementsIn(element.content) : [];
}

function timeOf(element: Element | undefined): number | null {
  if (element === undefined) return null;
  const parts = TIME.exec(new TextDecoder().decode(element.content)) ?? [];
  const [, year = "", month, day, hours, minutes, seconds] = parts;
  if (element.tag !== (year.length === 2 ? UTC_TIME : GENERALIZED_TIME)) return null;
  const full = year.length === 4 ? year : `${Number(year) < 50 ? "20" : "19"}${year}`;
  const ms = Date.parse(`${full}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(ms) ? null : ms;
}

function decodePem(pem: string): Uint8Array | null {
  try {
    return Uint8Array.fromBase64(PEM.exec(pem)?.[1] ?? "");
  } catch {
    return null;
  }
}

/** The public key of a certificate in DER (SubjectPublicKeyInfo), and when it is valid, in ms since 1970. */
export type CertifiedKey = { readonly spki: Uint8Array; readonly from_ms: number; readonly until_ms: number };

/**
 * Returns the key of the first certificate in a text (PEM); null if it has none that can be read. It does not check who issued the
 * certificate.
 */
export function readCertificate(pem: string): CertifiedKey | null {
  const der = decodePem(pem);
  const [signed] = membersOf(der === null ? null : elementIn(der));
  const parts = membersOf(signed);
  const [serial, , , validity, , key] = parts[0]?.tag === VERSION ? parts.slice(1) : parts;
  if (serial?.tag !== INTEGER || key?.tag !== SEQUENCE) return null;
  const [from, until] = membersOf(validity);
  const [from_ms, until_ms] = [timeOf(from), timeOf(until)];
  return from_ms === null || until_ms === null ? null : { spki: key.whole, from_ms, until_ms };
}
