import type { HmacFormat } from "../model/integration-auth.ts";
import { type Result, fail, ok } from "../model/result.ts";
import {
  type Claim,
  type SignatureFault,
  type SignedHead,
  boundSignatures,
  readHeader,
  readTimestamp,
} from "./claim.ts";
import { decodeSignature, encodeSignature } from "./hmac.ts";
import { renderSigned } from "./template.ts";

type HeaderFormat = Omit<HmacFormat, "algorithm">;

const DEFAULTS = {
  encoding: "hex",
  prefix: "",
  timestamp_header: null,
  id_header: null,
  template: "{{body}}",
} as const satisfies Omit<HeaderFormat, "header">;

// A prefix such as `v1,` contains the comma, so that only spaces can separate signatures.
function itemsOf(value: string, prefix: string): readonly string[] {
  return value.split(prefix.includes(",") ? /\s+/ : /\s*,\s*|\s+/).filter((item) => item !== "");
}

/** Returns the value of a header that carries these signatures. */
export function writeHmacHeader(
  signatures: readonly Uint8Array[],
  { prefix, encoding }: Pick<HeaderFormat, "prefix" | "encoding">,
): string {
  const items = signatures.map((bytes) => prefix + encodeSignature(bytes, encoding));
  return items.join(prefix.includes(",") ? " " : ",");
}

/**
 * Reads a header that carries one HMAC, or a list of them while a secret is rotated. A repeat is known by the id, if the
 * format has one, and by the signed message otherwise.
 */
export function readHmacHeader(headers: Headers, format: HeaderFormat): Result<Claim, SignatureFault> {
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
    repeat_mark: id_header === null ? { kind: "message" } : { kind: "id", id: id.value },
    signatures: signatures.value,
    signed_at_ms: timestamp?.value.ms ?? null,
    covers: (body) => [renderSigned(template, { id: id.value, timestamp: timestamp?.value.text ?? "", body })],
  });
}

/**
 * Returns the reader of a scheme whose signature is an HMAC in a header. The default is the hex of an HMAC of the body.
 */
export function hmacHeader(format: { readonly header: string } & Partial<HeaderFormat>) {
  const complete = { ...DEFAULTS, ...format };
  return ({ headers }: SignedHead): Result<Claim, SignatureFault> => readHmacHeader(headers, complete);
}
