import type { HmacSigning } from "../../model/destination.ts";
import type { HmacFormat, SecretEncoding, SignatureOptions, SignatureSettings } from "../../model/integration-auth.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import type { Claim, SignatureFault, SignedHead } from "../claim.ts";
import { readHmacHeader, writeHmacHeader } from "../hmac-header.ts";
import { decodeSignature, utf8 } from "../hmac.ts";
import { hmacKey } from "../keys.ts";
import { textSecret } from "../secrets.ts";
import { hmacSigningKey, signBytes } from "../signing-key.ts";
import { placeholdersOf, renderSigned } from "../template.ts";
import type { GivenOptions, InboundScheme, OutboundScheme, SharedSecret } from "./scheme.ts";

const OPTIONS = [
  "header",
  "algorithm",
  "encoding",
  "prefix",
  "timestamp_header",
  "id_header",
  "signature_field",
  "timestamp_field",
  "template",
  "secret_encoding",
  "idempotent",
] as const satisfies readonly (keyof SignatureOptions)[];

function formatOf(given: GivenOptions): HmacFormat {
  const timestamp_header = given.timestamp_header ?? null;
  const timestamp_field = given.timestamp_field ?? null;
  return {
    header: given.header ?? "x-signature",
    algorithm: given.algorithm ?? "sha256",
    encoding: given.encoding ?? "hex",
    prefix: given.prefix ?? "",
    timestamp_header,
    id_header: given.id_header ?? null,
    signature_field: given.signature_field ?? null,
    timestamp_field,
    template:
      given.template ?? (timestamp_header === null && timestamp_field === null ? "{{body}}" : "{{timestamp}}.{{body}}"),
  };
}

/** A value that the signature does not cover proves nothing, and a placeholder without its value cannot be filled in. */
function faultsOfParts({ template, timestamp_header, timestamp_field, id_header }: HmacFormat): readonly FieldError[] {
  const placeholders = placeholdersOf(template) ?? [];
  const named = { timestamp: timestamp_header ?? timestamp_field, id: id_header } as const;
  return (["timestamp", "id"] as const).flatMap((part): readonly FieldError[] => {
    const isNamed = named[part] !== null;
    if (isNamed === placeholders.includes(part)) return [];
    return isNamed
      ? [{ path: "template", message: `must contain {{${part}}}: the value of ${part}_header must be signed` }]
      : [{ path: `${part}_header`, message: `is required: the template contains {{${part}}}` }];
  });
}

/** Returns what no request can fulfil: a header cannot hold two values, and a field needs a list to be in. */
function contradictionsIn(format: HmacFormat): readonly FieldError[] {
  const { header, prefix, timestamp_header, timestamp_field, id_header, signature_field } = format;
  const faults: FieldError[] = [];
  const add = (path: string, message: string): void => void faults.push({ path, message });
  if (timestamp_header === header) add("timestamp_header", "is the header of the signature: use timestamp_field");
  if (id_header === header) add("id_header", "is the header of the signature");
  if (id_header !== null && id_header === timestamp_header) add("id_header", "is the header of the time");
  if (timestamp_field !== null && signature_field === null)
    add("signature_field", "is required beside timestamp_field");
  if (timestamp_field !== null && timestamp_header !== null)
    add("timestamp_field", "cannot be combined with timestamp_header");
  if (timestamp_field !== null && timestamp_field === signature_field)
    add("timestamp_field", "is the field of the signature");
  if (signature_field !== null && /[,;]/.test(prefix))
    add("prefix", "cannot contain what separates the fields of the header");
  if (prefix.includes(" ") && prefix.includes(","))
    add("prefix", "cannot contain a comma and a space: one of them must separate signatures");
  if (timestamp_header === "date") add("timestamp_header", "has another format: the time must be a number or ISO 8601");
  return faults;
}

function faultsOf(format: HmacFormat): readonly FieldError[] {
  return [...faultsOfParts(format), ...contradictionsIn(format)];
}

function complete(given: GivenOptions): Result<SignatureOptions, readonly FieldError[]> {
  const format = formatOf(given);
  const faults = faultsOf(format);
  if (faults.length > 0) return fail(faults);
  const { idempotent, secret_encoding } = given;
  return ok({
    ...format,
    ...(idempotent === undefined ? {} : { idempotent }),
    ...(secret_encoding === undefined ? {} : { secret_encoding }),
  });
}

/** A signed time makes two messages differ. Without one, two events can have the same body, so that an option decides. */
function read(head: SignedHead, settings: SignatureSettings): Result<Claim, SignatureFault> {
  const format = formatOf(settings);
  const claim = readHmacHeader(head, format);
  const { timestamp_header, timestamp_field, id_header } = format;
  const isBodyOnly = timestamp_header === null && timestamp_field === null && id_header === null;
  if (!claim.ok || !isBodyOnly || settings.idempotent === true) return claim;
  return ok({ ...claim.value, repeat_mark: { kind: "none" } });
}

/** Returns the bytes of the key that a secret spells; null if it spells none. */
function keyBytesOf(secret: string, encoding: SecretEncoding): Uint8Array | null {
  return encoding === "text" ? utf8(secret) : decodeSignature(secret, encoding);
}

const secret: SharedSecret = {
  ...textSecret("gateway"),
  form: "must be a text in the notation that secret_encoding names",
  async open(text, { algorithm = "sha256", secret_encoding = "text" }) {
    const bytes = keyBytesOf(text, secret_encoding);
    return bytes === null || bytes.byteLength === 0 ? null : await hmacKey(algorithm, bytes);
  },
};

/**
 * An HMAC in a header, over a text that the settings describe. For senders whose vendor has no scheme of its own here.
 */
export const hmac = {
  secret,
  options: { takes: OPTIONS, complete },
  read,
} satisfies InboundScheme;

/** The same outbound, for receivers that know no other scheme. */
export function hmacSigning(format: HmacSigning): OutboundScheme {
  return {
    key_source: {
      kind: "secrets",
      form: "text",
      open: (secret) => hmacSigningKey(format.algorithm, utf8(secret)),
    },
    async sign(keys, { id, now_ms, body }) {
      const message = renderSigned(format.template, { id, timestamp: String(Math.floor(now_ms / 1_000)), body });
      const signatures = await Promise.all(keys.map((key) => signBytes(key, message)));
      return ok({ [format.header]: writeHmacHeader(signatures, format) });
    },
  };
}
