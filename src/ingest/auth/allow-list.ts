import { type AddressRange, isInRanges, parseAddressRange } from "../../model/address-range.ts";

// A list is one object for as long as the cache holds its integration.
const parsed = new WeakMap<readonly string[], readonly AddressRange[]>();

function rangesOf(list: readonly string[]): readonly AddressRange[] {
  const known = parsed.get(list);
  if (known !== undefined) return known;
  const ranges = list.map(parseAddressRange).filter((range) => range !== null);
  parsed.set(list, ranges);
  return ranges;
}

/** Where a request comes from. The platform sets the header, whatever a sender wrote; a local gateway is called locally. */
export function senderAddress(headers: Headers): string {
  return headers.get("cf-connecting-ip")?.trim() ?? "127.0.0.1";
}

/** Whether an integration takes webhooks from an address; one without a list takes them from anywhere. */
export function isAllowed(list: readonly string[] | null, address: string): boolean {
  return list === null || isInRanges(rangesOf(list), address);
}
