import * as z from "zod";
import { DATUM_FORMATS } from "../model/alert.ts";
import { type Json, type JsonObject, isJsonObject } from "../model/json.ts";
import { PREPROCESSORS } from "../rule-sets/rule-set.ts";
import { expectEveryMinutes } from "./source.ts";

const MOST_RULES = 200;
const MOST_ACTIONS = 10;
const MOST_ENTRIES = 100;
const LONGEST_NAME = 200;
const LONGEST_PATH = 200;

const value = z.union([z.string(), z.number(), z.boolean()], "has to be a text, a number or a boolean");
const values = z.union([value, z.array(value).max(MOST_ENTRIES)], "has to be a text or a list of texts");
const map = z.custom<JsonObject>(isJsonObject, "has to be a map");

const identity = { thirdparty_id: value.exactOptional(), dedup_keys: values.exactOptional() };

const datum = z.strictObject({
  format: z.enum(DATUM_FORMATS).exactOptional(),
  label: value,
  value: z.custom<Json>((given) => given !== undefined, "is required"),
});

const action = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("create"),
    ...identity,
    title: value,
    description: value.exactOptional(),
    urgency: value.exactOptional(),
    tags: z
      .union([z.string(), z.array(value).max(MOST_ENTRIES)], "has to be a list of texts, or a text with commas")
      .exactOptional(),
    meta: map.exactOptional(),
    additional_data: z.array(datum).max(MOST_ENTRIES).exactOptional(),
    incident: value.exactOptional(),
    incident_severity: value.exactOptional(),
    incident_message: value.exactOptional(),
  }),
  z
    .strictObject({ type: z.literal(["acknowledge", "resolve"]), ...identity })
    .refine(({ thirdparty_id, dedup_keys }) => thirdparty_id !== undefined || dedup_keys !== undefined, {
      path: ["thirdparty_id"],
      message: "is required to know which alert is meant, unless dedup_keys name it",
    }),
  z.strictObject({ type: z.literal("ignore"), reason: value.exactOptional() }),
]);

const actions = z.array(action).min(1).max(MOST_ACTIONS);

/** The options of a `rules` integration by their shape; what their templates and filters say is for `compileRules`. */
export const rulesShape = z.strictObject({
  rule_set: z.string().max(LONGEST_NAME).nullable().exactOptional(),
  rules: z
    .array(z.strictObject({ match: map, actions }))
    .max(MOST_RULES)
    .nullable()
    .exactOptional(),
  default: z.strictObject({ actions }).nullable().exactOptional(),
  preprocess: z
    .array(z.strictObject({ type: z.enum(PREPROCESSORS) }))
    .max(PREPROCESSORS.length)
    .nullable()
    .exactOptional(),
  each: z
    .string()
    .max(LONGEST_PATH)
    .regex(/^[^.]+(\.[^.]+)*$/, "has to be a dotted path such as data.alerts")
    .nullable()
    .exactOptional(),
  expect_every_minutes: expectEveryMinutes,
});

export type GivenRules = z.output<typeof rulesShape>;
