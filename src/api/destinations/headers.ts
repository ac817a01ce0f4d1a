import * as z from "zod/mini";
import type { Destination, DestinationAuth } from "../../model/destination.ts";
import { isJsonObject } from "../../model/json.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import type { Call } from "../call.ts";
import { headerMap } from "../header-map.ts";
import { RESERVED_HEADERS, RESERVED_PREFIX } from "../reserved-headers.ts";

const MAX_HEADERS = 50;
const MAX_VALUE = 4_096;
/** Stands for a value that is not shown. Given back, it leaves that value as it is. */
const REDACTED = "••••";
const SENSITIVE = /token|secret|key|pass|auth|cookie|credential|session|bearer|jwt/i;

const map = headerMap({
  most: MAX_HEADERS,
  longest_value: MAX_VALUE,
  forbidden: RESERVED_HEADERS,
  forbidden_prefix: RESERVED_PREFIX,
});

/** Headers as they are given; those in `kept` were given as they are shown, redacted. */
export type GivenHeaders = { readonly headers: Readonly<Record<string, string>>; readonly kept: readonly string[] };

/** A destination's own headers, as they are given. */
export const headers = z.pipe(
  z.unknown(),
  z.transform((given, context): GivenHeaders => {
    const isKept = ([, value]: readonly [string, unknown]): boolean => value === REDACTED;
    const entries = isJsonObject(given) ? Object.entries(given) : [];
    const kept = entries.filter(isKept).map(([name]) => name.toLowerCase());
    // Checked with an empty value in place of the hidden one: the name has to be right all the same.
    const parsed = map.safeParse(
      kept.length === 0 ? given : Object.fromEntries(entries.map((entry) => [entry[0], isKept(entry) ? "" : entry[1]])),
    );
    if (!parsed.success) {
      for (const { path, message } of parsed.error.issues) {
        context.issues.push({ code: "custom", input: given, path, message });
      }
      return z.NEVER;
    }
    return { headers: parsed.data, kept };
  }),
);

type SettledHeaders = Partial<Pick<Destination, "headers" | "sealed_headers">>;

/**
 * What is to be stored of given headers: those whose names speak of secrets are sealed. `auth` is how the destination will
 * authenticate, which may not speak through the same header. `stored` is null for a new destination.
 */
export async function settleHeaders(
  call: Call,
  given: GivenHeaders | undefined,
  auth: DestinationAuth["type"],
  id: string,
  stored: Destination | null,
): Promise<Result<SettledHeaders, readonly FieldError[]>> {
  const before = stored?.sealed_headers ?? {};
  const headers: Record<string, string> = {};
  const sealed_headers: Record<string, string> = {};
  const faults: FieldError[] = [];
  for (const [name, value] of Object.entries(given?.headers ?? {})) {
    const known = Object.hasOwn(before, name) ? before[name] : undefined;
    if (given?.kept.includes(name) === true) {
      if (known === undefined) faults.push({ path: `headers.${name}`, message: "has no value on record to be kept" });
      else sealed_headers[name] = known;
    } else if (SENSITIVE.test(name)) sealed_headers[name] = await call.context.keys.seal(value, id);
    else headers[name] = value;
  }
  const isNamed = Object.hasOwn(given === undefined ? before : sealed_headers, "authorization");
  if (isNamed && auth !== "none") {
    faults.push({ path: "headers.authorization", message: `cannot be given together with auth of type "${auth}"` });
  }
  if (faults.length > 0) return fail(faults);
  return ok(given === undefined && stored !== null ? {} : { headers, sealed_headers });
}

/** What the API shows of them: every name, and the values that are no secrets. */
export function viewHeaders({ headers: shown, sealed_headers }: Destination): object {
  return { ...shown, ...Object.fromEntries(Object.keys(sealed_headers).map((name) => [name, REDACTED])) };
}
