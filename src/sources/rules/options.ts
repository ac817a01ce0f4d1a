import * as z from "zod/mini";
import { lazy } from "../../model/lazy.ts";
import { compileRules } from "./compile.ts";
import { rulesShape } from "./schema.ts";
import { RULE_SETS } from "./sets/index.ts";

/** The options of a `rules` integration when they are saved: their templates and filters compile, and the rule set exists. */
export const rulesOptions = lazy(() =>
  rulesShape().check(
    z.superRefine((given, context) => {
      const compiled = compileRules(given, RULE_SETS);
      if (compiled.ok) return;
      for (const { path, message } of compiled.error) context.addIssue({ code: "custom", path: [path], message });
    }),
  ),
);
