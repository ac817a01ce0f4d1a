import * as z from "zod/mini";
import { isJsonObject } from "../model/json.ts";
import { headerName } from "./fields.ts";

const HEADER_VALUE = /^[\x20-\x7e\xa0-\xff]*$/;

/** What a map of headers may hold. Forbidden names are given in lower case. */
type HeaderRules = {
  readonly most: number;
  readonly longest_value: number;
  readonly forbidden: ReadonlySet<string>;
  readonly forbidden_prefix: string;
};

function faultOf(header: string, value: unknown, rules: HeaderRules): string | null {
  const lower = header.toLowerCase();
  if (!headerName.safeParse(header).success || lower === "__proto__") return "is not a valid header name";
  if (rules.forbidden.has(lower) || lower.startsWith(rules.forbidden_prefix)) {
    return "is set by the gateway and cannot be given";
  }
  if (typeof value !== "string") return "has to be text";
  if (!HEADER_VALUE.test(value)) return "may hold only Latin-1 characters, and no control characters";
  return value.length > rules.longest_value ? `may be at most ${rules.longest_value} characters long` : null;
}

/** Headers by name, in lower case; what is wrong is named by the header as it was written. */
export function headerMap(rules: HeaderRules) {
  return z.pipe(
    z.unknown(),
    z.transform((given, context): Readonly<Record<string, string>> => {
      if (!isJsonObject(given)) {
        context.issues.push({ code: "custom", input: given, message: "has to be an object" });
        return z.NEVER;
      }
      const entries = Object.entries(given);
      if (entries.length > rules.most) {
        context.issues.push({ code: "custom", input: given, message: `may hold at most ${rules.most} headers` });
        return z.NEVER;
      }
      const accepted: Record<string, string> = {};
      for (const [header, value] of entries) {
        const lower = header.toLowerCase();
        const fault = Object.hasOwn(accepted, lower) ? "is given more than once" : faultOf(header, value, rules);
        if (fault !== null) context.issues.push({ code: "custom", input: given, path: [header], message: fault });
        else if (typeof value === "string") accepted[lower] = value;
      }
      return accepted;
    }),
  );
}
