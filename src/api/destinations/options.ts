import * as z from "zod/mini";
import { DESTINATION_TYPES, PROVIDERS } from "../../delivery/providers/registry.ts";
import { type JsonObject, isJsonObject } from "../../model/json.ts";
import { componentName, documentedAs, documentedWith, jsonMap, refTo, requestSchema } from "../schema.ts";

const typesWithOptions = DESTINATION_TYPES.filter((type) => type !== "webhook");
for (const type of typesWithOptions) {
  // A change may omit options that are stored, so the document requires none.
  const additions = { required: [], description: "On creation, every option without a default is required." };
  requestSchema(componentName(type, "Options"), documentedWith(PROVIDERS[type].options, additions));
}

/** `options` in a request. The provider of the destination's type checks them further. */
export const acceptedOptions = documentedAs(z.custom<JsonObject>(isJsonObject, "must be an object"), {
  anyOf: [
    { type: "object", additionalProperties: false },
    ...typesWithOptions.map((type) => refTo(componentName(type, "Options"))),
  ],
  description: "By the destination's `type`. A change names only the options that it changes.",
});

/** `options` as the API shows them. */
export const shownOptions = jsonMap;
