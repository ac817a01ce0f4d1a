import * as z from "zod";
import { parseFilter } from "../filters/filter.ts";
import { MESSAGE_TYPES } from "../model/event.ts";
import { type JsonObject, isJsonObject } from "../model/json.ts";
import { parseTemplate } from "../templates/liquid.ts";
import { name } from "./fields.ts";

const MOST_IDS = 250;
const MOST_MATCH_CHARACTERS = 20_000;
const LONGEST_WINDOW_SECONDS = 86_400;
const LONGEST_TEMPLATE = 10_000;
const MOST_ATTRIBUTES = 50;
const LONGEST_PATH = 200;

const id = z.string().max(100);

const destinationIds = z.array(id).min(1, "has to name a destination").max(MOST_IDS);

// What is taken here is what is compiled when events come: a filter that could not be would hold for nothing.
const match = z.custom<JsonObject>().superRefine((value: unknown, context) => {
  const refuse = (message: string, path: PropertyKey[] = []): void => {
    context.addIssue({ code: "custom", path, message });
  };
  if (!isJsonObject(value)) refuse("has to be a map, or null");
  else if (JSON.stringify(value).length > MOST_MATCH_CHARACTERS) {
    refuse(`has to be at most ${MOST_MATCH_CHARACTERS} characters of JSON`);
  } else {
    const parsed = parseFilter(value);
    for (const fault of parsed.ok ? [] : parsed.error) refuse(fault.message, fault.path === "" ? [] : [fault.path]);
  }
});

const template = z
  .string()
  .max(LONGEST_TEMPLATE)
  .refine((text) => text.trim() !== "", "may not be blank: send null for the alert's key")
  .refine((text) => text.isWellFormed() && !text.includes("\u0000"), "may not hold broken text")
  .superRefine((text, context) => {
    const parsed = parseTemplate(text);
    if (!parsed.ok) context.addIssue({ code: "custom", message: parsed.error });
  });

const path = z
  .string()
  .max(LONGEST_PATH)
  .refine((text) => text.split(".").every((part) => part !== ""), "is not a path: a part of it is empty");

const fields = {
  enabled: z.boolean().optional(),
  integration_ids: z
    .array(id)
    .min(1, "has to name an integration, or be null for all of them")
    .max(MOST_IDS)
    .nullable()
    .optional(),
  event_types: z
    .array(z.enum(MESSAGE_TYPES))
    .min(1, "has to name a type, or be null for all of them")
    .transform((types) => [...new Set(types)])
    .nullable()
    .optional(),
  match: match.nullable().optional(),
  group_window_seconds: z.int().min(0).max(LONGEST_WINDOW_SECONDS).optional(),
  group_by: template.nullable().optional(),
  group_attributes: z
    .array(path)
    .max(MOST_ATTRIBUTES)
    .transform((paths) => [...new Set(paths)])
    .nullable()
    .optional(),
};

export const routeCreation = z.strictObject({ name, destination_ids: destinationIds, ...fields });

export const routeChange = z.strictObject({
  name: name.optional(),
  destination_ids: destinationIds.optional(),
  ...fields,
});
