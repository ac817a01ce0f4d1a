import * as z from "zod/mini";
import { type JsonObject, isJsonObject } from "../../model/json.ts";
import { type JsonSchema, answerSchema, anyJson, documentedAs, requestSchema } from "../schema.ts";

/** The most things of a kind in a document. */
export const MAX_THINGS = 1_000;
/** The most bytes of the configuration that a request works on: the result of many requests may be larger than one document. */
export const MAX_CONFIG_BYTES = 8_000_000;

const MAX_SECRETS = 5_000;
const MAX_KEY = 300;

function documented(description: string): JsonSchema {
  return { type: "object", additionalProperties: { type: "object", additionalProperties: true }, description };
}

/** Entries of one kind, by key. They are checked further as the endpoints of their resource do. */
function entries(description: string) {
  const map = documentedAs(z.custom<JsonObject>(isJsonObject, "must be an object"), documented(description)).check(
    z.superRefine((given: unknown, context) => {
      if (!isJsonObject(given)) return;
      const keys = Object.keys(given);
      if (keys.length > MAX_THINGS) {
        context.addIssue({ code: "custom", message: `must have at most ${MAX_THINGS} entries` });
      }
      for (const key of keys.slice(0, MAX_THINGS)) {
        const refuse = (message: string) => context.addIssue({ code: "custom", path: [key], message });
        if (!isJsonObject(given[key])) refuse("must be an object");
        else if (key.trim() === "" || key.length > MAX_KEY || key === "__proto__") {
          refuse("cannot be the key of an entry");
        }
      }
    }),
  );
  return z._default(map, {});
}

const secrets = documentedAs(z.custom<JsonObject>(isJsonObject, "must be an object"), {
  type: "object",
  additionalProperties: { type: "string" },
  description: "The values of secrets, by the names in the document.",
}).check(
  z.superRefine((given: unknown, context) => {
    if (!isJsonObject(given)) return;
    const members = Object.entries(given);
    if (members.length > MAX_SECRETS) {
      context.addIssue({ code: "custom", message: `must have at most ${MAX_SECRETS} values` });
    }
    for (const [name, value] of members.slice(0, MAX_SECRETS)) {
      if (typeof value !== "string") context.addIssue({ code: "custom", path: [name], message: "must be text" });
    }
  }),
);

export const configRequest = requestSchema(
  "ConfigRequest",
  z.strictObject({
    $schema: z.optional(z.string().check(z.maxLength(1_000))),
    version: z.literal(1),
    integrations: entries("Integrations by key, as `/config.schema.json` describes them."),
    destinations: entries("Destinations by key."),
    routes: entries("Routes by key. `integrations` and `destinations` name things by their keys."),
    transformations: entries("Transformations by key. `transformation` of an integration or a destination names one."),
    secrets: z._default(secrets, {}),
  }),
);
export type ConfigRequest = z.output<typeof configRequest>;

const shownEntries = z.record(z.string(), z.record(z.string(), anyJson));

/** The document as the API shows it. */
export const configDocument = answerSchema(
  "ConfigDocument",
  z.strictObject({
    version: z.literal(1),
    integrations: shownEntries,
    destinations: shownEntries,
    routes: shownEntries,
    transformations: shownEntries,
  }),
);
