import * as z from "zod/mini";
import { type FilterSubject, unknownNames } from "../../filters/names.ts";
import { type JsonObject, isJsonObject, isList, memberOf } from "../../model/json.ts";
import type { FieldError } from "../../model/result.ts";
import { optionsOf } from "../../sources/options.ts";
import { INTEGRATION_TYPES } from "../../sources/registry.ts";
import { anyDatum, anyMap, ruleActions } from "../../sources/rules/schema.ts";
import { componentName, documentedAs, refTo, requestSchema } from "../schema.ts";

// The sources check their own options; here is what the document says of them.

documentedAs(anyMap(), { type: "object", additionalProperties: true });
documentedAs(anyDatum(), { description: "Any JSON; its texts are templates." });
requestSchema("RuleActions", ruleActions());

const names = INTEGRATION_TYPES.map((type) => {
  const name = componentName(type, "Options");
  requestSchema(name, optionsOf(type));
  return name;
});

/** `options` in a request. The source of the integration's type checks them further. */
export const acceptedOptions = documentedAs(z.custom<JsonObject>(isJsonObject, "must be an object"), {
  anyOf: names.map(refTo),
  description: "By the integration's `type`.",
});

/** What the rules of an integration see of a request. */
const LOGGED: FilterSubject = {
  names: ["log"],
  suggest: (path) =>
    /^(?:data|params|headers|method|body|parent)(?:\.|$)/.test(path) ? `log.${path}` : `log.data.${path}`,
};

/** Returns an error for each path in the filters of given rules that leads to nothing. */
export function unknownNamesIn(options: JsonObject): readonly FieldError[] {
  const { rules } = options;
  if (!isList(rules)) return [];
  return rules.flatMap((rule, index) => {
    const match = memberOf(rule, "match");
    return match === undefined ? [] : unknownNames(match, LOGGED, `options.rules[${index}].match`);
  });
}
