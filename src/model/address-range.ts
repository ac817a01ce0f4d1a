import ipaddr from "ipaddr.js";

/** A block of IP addresses. IPv4-mapped IPv6 (`::ffff:10.0.0.0/104`) is IPv4 here. */
export type AddressRange = { readonly bytes: readonly number[]; readonly bits: number };

const MAPPED_BITS = 96;
const MAPPED_BYTES = 12;
const PREFIX = /^(?:0|[1-9]\d{0,2})$/;

function parseBytes(text: string): readonly number[] | null {
  // The library also reads 0x7f.1 and 010.0.0.1, which other tools read differently.
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text).toByteArray();
  if (!text.includes(":") || text.includes("%") || !ipaddr.IPv6.isValid(text)) return null;
  return ipaddr.IPv6.parse(text).toByteArray();
}

function isMapped(bytes: readonly number[]): boolean {
  return (
    bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  );
}

/** Parses an address or a block in CIDR notation. Returns null if the text is neither. */
export function parseAddressRange(text: string): AddressRange | null {
  const [address = "", prefix, ...rest] = text.split("/");
  const bytes = parseBytes(address);
  if (bytes === null || rest.length > 0 || (prefix !== undefined && !PREFIX.test(prefix))) return null;
  const bits = prefix === undefined ? bytes.length * 8 : Number(prefix);
  if (bits > bytes.length * 8) return null;
  return isMapped(bytes) && bits >= MAPPED_BITS
    ? { bytes: bytes.slice(MAPPED_BYTES), bits: bits - MAPPED_BITS }
    : { bytes, bits };
}

function isWithin(range: AddressRange, address: readonly number[]): boolean {
  if (range.bytes.length !== address.length) return false;
  return address.every((byte, index) => {
    const bitsHere = Math.min(8, Math.max(0, range.bits - index * 8));
    const mask = (0xff << (8 - bitsHere)) & 0xff;
    return (byte & mask) === ((range.bytes[index] ?? 0) & mask);
  });
}

/** Returns whether an address is in one of the blocks. A text that is no address is in none. */
export function isInRanges(ranges: readonly AddressRange[], address: string): boolean {
  const single = address.includes("/") ? null : parseAddressRange(address);
  return single !== null && ranges.some((range) => isWithin(range, single.bytes));
}
