import type { HmacSigning } from "../../model/destination.ts";
import type { HmacFormat, SignatureOptions } from "../../model/integration-auth.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
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

function complete(given: GivenOptions): Result<HmacFormat, readonly FieldError[]> {
  const format = formatOf(given);
  const faults = faultsOf(format);
  return faults.length > 0 ? fail(faults) : ok(format);
}

/**
 * An HMAC in a header, over a text that the settings describe. For senders whose vendor has no scheme of its own here.
 */
export const hmac = {
  secret: textSecret("gateway"),
  options: { takes: OPTIONS, complete },
  read: ({ headers }, settings) => readHmacHeader(headers, formatOf(settings)),
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
