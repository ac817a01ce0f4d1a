import type { JsonObject } from "../../client/index.ts";
import { RESERVED_HEADERS, RESERVED_PREFIX } from "../../model/reserved-headers.ts";
import type { Draft } from "./draft.ts";
import type { Notes } from "./notes.ts";

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
const SENSITIVE = /token|secret|key|pass|auth|cookie|credential|session|bearer|jwt/i;

/**
 * The headers of a destination. Values of headers whose names suggest secrets become references. `secrets` are headers
 * that are secrets whatever their names are. The vendor may leave their values out.
 */
export function headersFrom(
  draft: Draft,
  notes: Notes,
  subject: string,
  key: string,
  given: ReadonlyMap<string, string>,
  secrets: readonly string[] = [],
): JsonObject {
  const values = new Map<string, string | undefined>([...secrets.map((name) => [name, undefined] as const), ...given]);
  const entries = [...values].flatMap(([name, value]) => {
    const lower = name.toLowerCase();
    if (!NAME.test(name) || RESERVED_HEADERS.has(lower) || lower.startsWith(RESERVED_PREFIX)) {
      notes.left(subject, `header ${name}`, "the gateway sets it itself, or it is no valid name.");
      return [];
    }
    const isSecret = value === undefined || secrets.includes(name) || SENSITIVE.test(name);
    return [[name, isSecret ? draft.secret("destination", key, `header_${name}`, value) : value] as const];
  });
  return Object.fromEntries(entries);
}
