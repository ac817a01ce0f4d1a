import * as z from "zod/mini";
import type { KeyRing } from "../../crypto/key-ring.ts";
import type { Destination, DestinationAuth } from "../../model/destination.ts";
import { isJsonObject } from "../../model/json.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { isCredentialHeader } from "../../ingest/redact.ts";
import { headerName } from "../fields.ts";
import { headerMap } from "../header-map.ts";
import { RESERVED_HEADERS, RESERVED_PREFIX } from "../../model/reserved-headers.ts";
import { documentedAs, headerValues, requestSchema } from "../schema.ts";

const MAX_HEADERS = 50;
const MAX_VALUE = 4_096;
/** Stands for a value that is not shown. A request that contains it keeps the stored value. */
export const REDACTED = "••••";
const SENSITIVE = /token|secret|key|pass|auth|cookie|credential|session|bearer|jwt/i;

/** The headers of a destination, or of one of its requests, without secrets that are kept. */
export const ownHeaders = headerMap({
  most: MAX_HEADERS,
  max_value_length: MAX_VALUE,
  forbidden: RESERVED_HEADERS,
  forbidden_prefix: RESERVED_PREFIX,
});

/** Returns whether the value of a header is probably a secret. */
export function isSecretHeader(header: string): boolean {
  return SENSITIVE.test(header) || isCredentialHeader(header);
}

/**
 * Headers of a request. `kept` names those that were given redacted, as the API shows them, and `secret` those whose values are
 * secrets whatever their names are.
 */
export type GivenHeaders = {
  readonly headers: Readonly<Record<string, string>>;
  readonly kept: readonly string[];
  readonly secret?: readonly string[];
};

/** `headers` in a request: a destination's own headers. */
export const acceptedHeaders = requestSchema(
  "DestinationHeadersInput",
  documentedAs(
    z.pipe(
      z.unknown(),
      z.transform((given, context): GivenHeaders => {
        const isKept = ([, value]: readonly [string, unknown]): boolean => value === REDACTED;
        const entries = isJsonObject(given) ? Object.entries(given) : [];
        const kept = entries.filter(isKept).map(([name]) => name.toLowerCase());
        // Checked with an empty value in place of the redacted one, because the name must be valid anyway.
        const parsed = ownHeaders.safeParse(
          kept.length === 0
            ? given
            : Object.fromEntries(entries.map((entry) => [entry[0], isKept(entry) ? "" : entry[1]])),
        );
        if (!parsed.success) {
          for (const { path, message } of parsed.error.issues) {
            context.issues.push({ code: "custom", input: given, path, message });
          }
          return z.NEVER;
        }
        return { headers: parsed.data, kept };
      }),
    ),
    {
      type: "object",
      additionalProperties: { type: "string" },
      maxProperties: MAX_HEADERS,
      description: "The value `••••`, which stands for a secret, keeps the stored value.",
    },
  ),
);

/** Headers of a sender that hold its credentials, or that the gateway sets itself. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  ...RESERVED_HEADERS,
  "content-type",
  "user-agent",
  "hookgate-gateway",
]);

/** `forward_headers` in a request and in an answer. */
export const acceptedForwardHeaders = z
  .array(
    headerName.check(
      z.refine((name) => !NOT_FORWARDED.has(name) && !name.startsWith(RESERVED_PREFIX), "is set by the gateway"),
      z.refine((name) => !isCredentialHeader(name), "holds a credential of the sender"),
    ),
  )
  .check(z.maxLength(MAX_HEADERS), z.describe("Names of the sender's headers to send along."));

/** `headers` as the API shows them. */
export const shownHeaders = headerValues.check(
  z.describe("Values that look like secrets are shown as `••••`; sent back like that, they keep their values."),
);

type ResolvedHeaders = Partial<Pick<Destination, "headers" | "sealed_headers">>;

/**
 * Resolves given headers to what is stored: those whose names suggest secrets are sealed. `auth` is the type of the
 * destination's authentication, which must not use the same header. `stored` is null for a new destination.
 */
export async function resolveHeaders(
  keys: KeyRing,
  given: GivenHeaders | undefined,
  auth: DestinationAuth["type"],
  id: string,
  stored: Destination | null,
): Promise<Result<ResolvedHeaders, readonly FieldError[]>> {
  const before = stored?.sealed_headers ?? {};
  const headers: Record<string, string> = {};
  const sealed_headers: Record<string, string> = {};
  const errors: FieldError[] = [];
  for (const [name, value] of Object.entries(given?.headers ?? {})) {
    const known = Object.hasOwn(before, name) ? before[name] : undefined;
    if (given?.kept.includes(name) === true) {
      if (known === undefined) errors.push({ path: `headers.${name}`, message: "has no stored value to keep" });
      else sealed_headers[name] = known;
    } else if (SENSITIVE.test(name) || given?.secret?.includes(name) === true)
      sealed_headers[name] = await keys.seal(value, id);
    else headers[name] = value;
  }
  const isNamed = Object.hasOwn(given === undefined ? before : sealed_headers, "authorization");
  if (isNamed && auth !== "none") {
    errors.push({ path: "headers.authorization", message: `cannot be combined with auth of type "${auth}"` });
  }
  if (errors.length > 0) return fail(errors);
  return ok(given === undefined && stored !== null ? {} : { headers, sealed_headers });
}

/** Shows every header, and the values that are not secrets. */
export function viewHeaders({
  headers,
  sealed_headers,
}: Pick<Destination, "headers" | "sealed_headers">): Readonly<Record<string, string>> {
  return { ...headers, ...Object.fromEntries(Object.keys(sealed_headers).map((name) => [name, REDACTED])) };
}
