import type { HmacFormat } from "../model/integration-auth.ts";
import { type Result, fail, ok } from "../model/result.ts";
import {
  type Claim,
  type SignatureFault,
  type SignedHead,
  boundSignatures,
  parseTimestamp,
  readHeader,
  readTimestamp,
} from "./claim.ts";
import { decodeSignature, encodeSignature } from "./hmac.ts";
import { publicUrls } from "./public-urls.ts";
import { type SignedParts, placeholdersOf, renderSigned } from "./template.ts";

type HeaderFormat = Omit<HmacFormat, "algorithm">;

const DEFAULTS = {
  encoding: "hex",
  prefix: "",
  timestamp_header: null,
  id_header: null,
  signature_field: null,
  timestamp_field: null,
  template: "{{body}}",
} as const satisfies Omit<HeaderFormat, "header">;

// A prefix such as `v1,` contains the comma, so that only spaces can separate signatures.
function itemsOf(value: string, prefix: string): readonly string[] {
  // A prefix such as `HMAC ` contains the space, so that only commas can.
  if (prefix.includes(" ")) return value.split(",").map((item) => item.trimStart());
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

type Listed = { readonly named: (name: string | null) => readonly string[] };

/** Returns the fields of a header such as `t=…,v1=…` or `ts=…;h1=…`; null if the format has none. */
function fieldsOf(value: string, signatureField: string | null): Listed | null {
  if (signatureField === null) return null;
  const items = value.split(/[,;]/).map((item) => item.trim());
  return {
    named: (name) =>
      items.filter((item) => item.startsWith(`${name}=`)).map((item) => item.slice((name ?? "").length + 1)),
  };
}

function timeOf([text, ...others]: readonly string[]): ReturnType<typeof readTimestamp> {
  if (text === undefined) return fail("missing");
  const ms = others.length > 0 ? null : parseTimestamp(text);
  return ms === null ? fail("malformed") : ok({ text, ms });
}

/** Returns the spellings of the address that the sender may have signed; one without them if the template has none. */
function addressesOf(head: SignedHead, template: string): readonly Partial<SignedParts>[] {
  const placeholders = placeholdersOf(template) ?? [];
  if (!placeholders.some((name) => name === "method" || name === "url" || name === "path")) return [{}];
  const { method } = head;
  return publicUrls(head).flatMap((url) => {
    const { pathname: path, search, href } = url;
    return search === ""
      ? [{ method, url: href, path }]
      : [
          { method, url: href, path },
          { method, url: href, path: path + search },
        ];
  });
}

/**
 * Reads a header that carries one HMAC, or a list of them while a secret is rotated. A repeat is known by the id, if the
 * format has one, and by the signed message otherwise.
 */
export function readHmacHeader(head: SignedHead, format: HeaderFormat): Result<Claim, SignatureFault> {
  const { headers } = head;
  const { header, prefix, encoding, timestamp_header, id_header, template } = format;
  const value = readHeader(headers, header);
  if (!value.ok) return value;
  const { signature_field, timestamp_field } = format;
  const listed = fieldsOf(value.value, signature_field);
  const items = listed === null ? itemsOf(value.value, prefix) : listed.named(signature_field);
  const own = items.filter((item) => item.startsWith(prefix));
  const signatures = boundSignatures(own.map((item) => decodeSignature(item.slice(prefix.length), encoding)));
  if (!signatures.ok) return signatures;
  const timestamp =
    timestamp_field === null || listed === null
      ? timestamp_header === null
        ? null
        : readTimestamp(headers, timestamp_header)
      : timeOf(listed.named(timestamp_field));
  if (timestamp?.ok === false) return timestamp;
  const id = id_header === null ? ok("") : readHeader(headers, id_header);
  if (!id.ok) return fail(id.error);
  return ok({
    repeat_mark: id_header === null ? { kind: "message" } : { kind: "id", id: id.value },
    signatures: signatures.value,
    signed_at_ms: timestamp?.value.ms ?? null,
    covers: (body) => {
      const parts = { id: id.value, timestamp: timestamp?.value.text ?? "", body };
      return addressesOf(head, template).map((address) => renderSigned(template, { ...parts, ...address }));
    },
  });
}

/**
 * Returns the reader of a scheme whose signature is an HMAC in a header. The default is the hex of an HMAC of the body.
 */
export function hmacHeader(format: { readonly header: string } & Partial<HeaderFormat>) {
  const complete = { ...DEFAULTS, ...format };
  return (head: SignedHead): Result<Claim, SignatureFault> => readHmacHeader(head, complete);
}
