import * as z from "zod/mini";
import type { IntegrationType } from "../../model/integration.ts";
import { type JsonObject, isJsonObject } from "../../model/json.ts";
import { SOURCES } from "../../sources/registry.ts";
import { anyDatum, anyMap, ruleActions } from "../../sources/rules/schema.ts";
import { documentedAs, refTo, requestSchema } from "../schema.ts";

// The sources check their own options; here is what the document says of them.

documentedAs(anyMap(), { type: "object", additionalProperties: true });
documentedAs(anyDatum(), { description: "Any JSON; its texts are templates." });
requestSchema("RuleActions", ruleActions());

/** The options of each type, by their name in the document. */
const NAMES = {
  pagertree: "PagertreeOptions",
  retrace: "AlertingOptions",
  catch: "CatchOptions",
  rules: "RulesOptions",
} as const satisfies Partial<Record<IntegrationType, string>>;

for (const type of ["pagertree", "retrace", "catch", "rules"] as const)
  requestSchema(NAMES[type], SOURCES[type].options);

/** `options` in a request. The source of the integration's type checks them further. */
export const acceptedOptions = documentedAs(z.custom<JsonObject>(isJsonObject, "must be an object"), {
  anyOf: Object.values(NAMES).map(refTo),
  description: "By the integration's `type`: `retrace`, `backtrace` and `thousandeyes` have AlertingOptions.",
});
