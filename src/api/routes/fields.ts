import * as z from "zod/mini";
import { parseFilter } from "../../filters/filter.ts";
import { MESSAGE_TYPES } from "../../model/event.ts";
import { type JsonObject, isJsonObject } from "../../model/json.ts";
import { parseTemplate } from "../../templates/liquid.ts";
import { name } from "../fields.ts";

const MAX_IDS = 250;
const MAX_MATCH_CHARACTERS = 20_000;
const MAX_WINDOW_SECONDS = 86_400;
const MAX_TEMPLATE = 10_000;
const MAX_ATTRIBUTES = 50;
const MAX_PATH = 200;

const id = z.string().check(z.maxLength(100));

const destinationIds = z.array(id).check(z.minLength(1, "has to name a destination"), z.maxLength(MAX_IDS));

// What is taken here is what is compiled when events come: a filter that could not be would hold for nothing.
const match = z.custom<JsonObject>().check(
  z.superRefine((value: unknown, context) => {
    const refuse = (message: string, path: PropertyKey[] = []): void => {
      context.addIssue({ code: "custom", path, message });
    };
    if (!isJsonObject(value)) refuse("has to be a map, or null");
    else if (JSON.stringify(value).length > MAX_MATCH_CHARACTERS) {
      refuse(`has to be at most ${MAX_MATCH_CHARACTERS} characters of JSON`);
    } else {
      const parsed = parseFilter(value);
      for (const fault of parsed.ok ? [] : parsed.error) refuse(fault.message, fault.path === "" ? [] : [fault.path]);
    }
  }),
);

const template = z.string().check(
  z.maxLength(MAX_TEMPLATE),
  z.refine((text) => text.trim() !== "", "may not be blank: send null for the alert's key"),
  z.refine((text) => text.isWellFormed() && !text.includes("\u0000"), "may not hold broken text"),
  z.superRefine((text, context) => {
    const parsed = parseTemplate(text);
    if (!parsed.ok) context.addIssue({ code: "custom", message: parsed.error });
  }),
);

const path = z.string().check(
  z.maxLength(MAX_PATH),
  z.refine((text) => text.split(".").every((part) => part !== ""), "is not a path: a part of it is empty"),
);

const fields = {
  enabled: z.optional(z.boolean()),
  integration_ids: z.optional(
    z.nullable(
      z.array(id).check(z.minLength(1, "has to name an integration, or be null for all of them"), z.maxLength(MAX_IDS)),
    ),
  ),
  event_types: z.optional(
    z.nullable(
      z.pipe(
        z.array(z.enum(MESSAGE_TYPES)).check(z.minLength(1, "has to name a type, or be null for all of them")),
        z.transform((types) => [...new Set(types)]),
      ),
    ),
  ),
  match: z.optional(z.nullable(match)),
  group_window_seconds: z.optional(z.int().check(z.minimum(0), z.maximum(MAX_WINDOW_SECONDS))),
  group_by: z.optional(z.nullable(template)),
  group_attributes: z.optional(
    z.nullable(
      z.pipe(
        z.array(path).check(z.maxLength(MAX_ATTRIBUTES)),
        z.transform((paths) => [...new Set(paths)]),
      ),
    ),
  ),
};

export const routeCreation = z.strictObject({ name, destination_ids: destinationIds, ...fields });

export const routeChange = z.strictObject({
  name: z.optional(name),
  destination_ids: z.optional(destinationIds),
  ...fields,
});
