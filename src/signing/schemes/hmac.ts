import type { HmacSigning } from "../../model/destination.ts";
import type { HmacFormat, SignatureOptions, SignatureSettings } from "../../model/integration-auth.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import type { Claim, SignatureFault } from "../claim.ts";
import { readHmacHeader, writeHmacHeader } from "../hmac-header.ts";
import { utf8 } from "../hmac.ts";
import { textSecret } from "../secrets.ts";
import { hmacSigningKey, signBytes } from "../signing-key.ts";
import { placeholdersOf, renderSigned } from "../template.ts";
import type { GivenOptions, InboundScheme, OutboundScheme } from "./scheme.ts";

const OPTIONS = [
  "header",
  "algorithm",
  "encoding",
  "prefix",
  "timestamp_header",
  "id_header",
  "template",
  "idempotent",
] as const satisfies readonly (keyof SignatureOptions)[];

function formatOf(given: GivenOptions): HmacFormat {
  const timestamp_header = given.timestamp_header ?? null;
  return {
    header: given.header ?? "x-signature",
    algorithm: given.algorithm ?? "sha256",
    encoding: given.encoding ?? "hex",
    prefix: given.prefix ?? "",
    timestamp_header,
    id_header: given.id_header ?? null,
    template: given.template ?? (timestamp_header === null ? "{{body}}" : "{{timestamp}}.{{body}}"),
  };
}

/** A header that the signature does not cover proves nothing, and a placeholder without its header has no value. */
function faultsOf({ template, timestamp_header, id_header }: HmacFormat): readonly FieldError[] {
  const placeholders = placeholdersOf(template) ?? [];
  const headers = { timestamp: timestamp_header, id: id_header } as const;
  return (["timestamp", "id"] as const).flatMap((part): readonly FieldError[] => {
    const isNamed = headers[part] !== null;
    if (isNamed === placeholders.includes(part)) return [];
    return isNamed
      ? [{ path: "template", message: `must contain {{${part}}}: the value of ${part}_header must be signed` }]
      : [{ path: `${part}_header`, message: `is required: the template contains {{${part}}}` }];
  });
}

function complete(given: GivenOptions): Result<SignatureOptions, readonly FieldError[]> {
  const format = formatOf(given);
  const faults = faultsOf(format);
  if (faults.length > 0) return fail(faults);
  return ok({ ...format, ...(given.idempotent === undefined ? {} : { idempotent: given.idempotent }) });
}

/** A signed time makes two messages differ. Without one, two events can have the same body, so that an option decides. */
function read(headers: Headers, settings: SignatureSettings): Result<Claim, SignatureFault> {
  const format = formatOf(settings);
  const claim = readHmacHeader(headers, format);
  const isBodyOnly = format.timestamp_header === null && format.id_header === null;
  if (!claim.ok || !isBodyOnly || settings.idempotent === true) return claim;
  return ok({ ...claim.value, repeat_mark: { kind: "none" } });
}

/**
 * An HMAC in a header, over a text that the settings describe. For senders whose vendor has no scheme of its own here.
 */
export const hmac = {
  secret: textSecret("gateway"),
  options: { takes: OPTIONS, complete },
  read: ({ headers }, settings) => read(headers, settings),
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
