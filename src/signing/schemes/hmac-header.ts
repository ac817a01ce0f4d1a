import type { HmacFormat } from "../../model/integration-auth.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { type Claim, type SignatureFault, boundSignatures, readHeader, readTimestamp } from "../claim.ts";
import { decodeSignature, encodeSignature } from "../hmac.ts";
import { renderSigned } from "../template.ts";

type Format = Omit<HmacFormat, "algorithm">;

// A prefix that ends its own item, such as `v1,`, leaves only the space to stand between signatures.
function itemsOf(value: string, prefix: string): readonly string[] {
  return value.split(prefix.includes(",") ? /\s+/ : /\s*,\s*|\s+/).filter((item) => item !== "");
}

/** Writes signatures as a header holds them: one by itself, several as a list. */
export function writeHmacHeader(
  signatures: readonly Uint8Array[],
  { prefix, encoding }: Pick<Format, "prefix" | "encoding">,
): string {
  const items = signatures.map((bytes) => prefix + encodeSignature(bytes, encoding));
  return items.join(prefix.includes(",") ? " " : ",");
}

/** Reads a signature that is an HMAC in a header of its own; several stand in a list. */
export function readHmacHeader(headers: Headers, format: Format): Result<Claim, SignatureFault> {
  const { header, prefix, encoding, timestamp_header, id_header, template } = format;
  const value = readHeader(headers, header);
  if (!value.ok) return value;
  const own = itemsOf(value.value, prefix).filter((item) => item.startsWith(prefix));
  const signatures = boundSignatures(own.map((item) => decodeSignature(item.slice(prefix.length), encoding)));
  if (!signatures.ok) return signatures;
  const timestamp = timestamp_header === null ? null : readTimestamp(headers, timestamp_header);
  if (timestamp?.ok === false) return timestamp;
  const id = id_header === null ? ok("") : readHeader(headers, id_header);
  if (!id.ok) return fail(id.error);
  return ok({
    signatures: signatures.value,
    signed_at_ms: timestamp?.value.ms ?? null,
    covers: (body) => [renderSigned(template, { id: id.value, timestamp: timestamp?.value.text ?? "", body })],
  });
}
