import * as z from "zod/mini";
import { parseTemplate } from "../../templates/liquid.ts";

const MAX_TEMPLATE = 2_000;

/** Returns the schema of an option that is a template. */
export function templateOption() {
  return z.string().check(
    z.maxLength(MAX_TEMPLATE),
    z.refine((text) => text.trim() !== "", "must not be blank"),
    z.superRefine((text, context) => {
      const parsed = parseTemplate(text);
      if (!parsed.ok) context.addIssue({ code: "custom", message: parsed.error });
    }),
  );
}
