import * as z from "zod/mini";
import { type JsonObject, isJsonObject } from "../../model/json.ts";
import { INTEGRATION_TYPES, sourceOf } from "../../sources/registry.ts";
import { anyDatum, anyMap, ruleActions } from "../../sources/rules/schema.ts";
import { documentedAs, refTo, requestSchema } from "../schema.ts";

// The sources check their own options; here is what the document says of them.

documentedAs(anyMap(), { type: "object", additionalProperties: true });
documentedAs(anyDatum(), { description: "Any JSON; its texts are templates." });
requestSchema("RuleActions", ruleActions());

/** The name of the options of some types in the document: types that share their options share the name. */
function optionsName(types: readonly string[]): string {
  const [first = ""] = types;
  return types.length > 1 ? "AlertingOptions" : `${first.charAt(0).toUpperCase()}${first.slice(1)}Options`;
}

const optionsOfTypes = [...Map.groupBy(INTEGRATION_TYPES, (type) => sourceOf(type).options)];
for (const [options, types] of optionsOfTypes) requestSchema(optionsName(types), options);

/** `options` in a request. The source of the integration's type checks them further. */
export const acceptedOptions = documentedAs(z.custom<JsonObject>(isJsonObject, "must be an object"), {
  anyOf: optionsOfTypes.map(([, types]) => refTo(optionsName(types))),
  description: "By the integration's `type`: `retrace`, `backtrace` and `thousandeyes` have AlertingOptions.",
});
