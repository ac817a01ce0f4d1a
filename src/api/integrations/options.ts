import * as z from "zod/mini";
import { type JsonObject, isJsonObject } from "../../model/json.ts";
import { INTEGRATION_TYPES, sourceOf } from "../../sources/registry.ts";
import { anyDatum, anyMap, ruleActions } from "../../sources/rules/schema.ts";
import { componentName, documentedAs, refTo, requestSchema } from "../schema.ts";

// The sources check their own options; here is what the document says of them.

documentedAs(anyMap(), { type: "object", additionalProperties: true });
documentedAs(anyDatum(), { description: "Any JSON; its texts are templates." });
requestSchema("RuleActions", ruleActions());

const names = INTEGRATION_TYPES.map((type) => {
  const name = componentName(type, "Options");
  requestSchema(name, sourceOf(type).options);
  return name;
});

/** `options` in a request. The source of the integration's type checks them further. */
export const acceptedOptions = documentedAs(z.custom<JsonObject>(isJsonObject, "must be an object"), {
  anyOf: names.map(refTo),
  description: "By the integration's `type`.",
});
