import * as z from "zod/mini";
import { isJsonObject } from "../model/json.ts";
import { headerName } from "./fields.ts";
import { documentedAs } from "./schema.ts";

const HEADER_VALUE = /^[\x20-\x7e\xa0-\xff]*$/;

/** The limits of a map of headers. Forbidden names are in lower case. */
type HeaderRules = {
  readonly most: number;
  readonly max_value_length: number;
  readonly forbidden: ReadonlySet<string>;
  readonly forbidden_prefix: string;
};

function errorOf(header: string, value: unknown, rules: HeaderRules): string | null {
  const lower = header.toLowerCase();
  if (!headerName.safeParse(header).success || lower === "__proto__") return "is not a valid header name";
  if (rules.forbidden.has(lower) || lower.startsWith(rules.forbidden_prefix)) {
    return "is reserved: the gateway sets it";
  }
  if (typeof value !== "string") return "must be text";
  if (!HEADER_VALUE.test(value)) return "must contain only Latin-1 characters, and no control characters";
  return value.length > rules.max_value_length ? `must be at most ${rules.max_value_length} characters long` : null;
}

/** Headers by name, in lower case. Errors name a header as it was written. */
export function headerMap(rules: HeaderRules) {
  const map = z.pipe(
    z.unknown(),
    z.transform((given, context): Readonly<Record<string, string>> => {
      if (!isJsonObject(given)) {
        context.issues.push({ code: "custom", input: given, message: "must be an object" });
        return z.NEVER;
      }
      const entries = Object.entries(given);
      if (entries.length > rules.most) {
        context.issues.push({ code: "custom", input: given, message: `must contain at most ${rules.most} headers` });
        return z.NEVER;
      }
      const accepted: Record<string, string> = {};
      for (const [header, value] of entries) {
        const lower = header.toLowerCase();
        const error = Object.hasOwn(accepted, lower) ? "is given more than once" : errorOf(header, value, rules);
        if (error !== null) context.issues.push({ code: "custom", input: given, path: [header], message: error });
        else if (typeof value === "string") accepted[lower] = value;
      }
      return accepted;
    }),
  );
  return documentedAs(map, {
    type: "object",
    additionalProperties: { type: "string" },
    maxProperties: rules.most,
  });
}
