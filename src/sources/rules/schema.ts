import * as z from "zod/mini";
import { DATUM_FORMATS } from "../../model/alert.ts";
import { type Json, type JsonObject, isJsonObject } from "../../model/json.ts";
import { lazy } from "../../model/lazy.ts";
import { PREPROCESSORS } from "./sets/rule-set.ts";
import { expectEveryMinutes } from "../source.ts";

const MAX_RULES = 200;
const MAX_ACTIONS = 10;
const MAX_ENTRIES = 100;
const MAX_NAME = 200;
const MAX_PATH = 200;

const value = lazy(() => z.union([z.string(), z.number(), z.boolean()], "must be a text, a number or a boolean"));
const values = lazy(() =>
  z.union([value(), z.array(value()).check(z.maxLength(MAX_ENTRIES))], "must be a text or a list of texts"),
);
export const anyMap = lazy(() => z.custom<JsonObject>(isJsonObject, "must be a map"));
export const anyDatum = lazy(() => z.custom<Json>((given: unknown) => given !== undefined, "is required"));

const identity = lazy(() => ({ thirdparty_id: z.exactOptional(value()), dedup_keys: z.exactOptional(values()) }));

const datum = lazy(() =>
  z.strictObject({
    format: z.exactOptional(z.enum(DATUM_FORMATS)),
    label: value(),
    value: anyDatum(),
  }),
);

const action = lazy(() =>
  z.discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("create"),
      ...identity(),
      title: value(),
      description: z.exactOptional(value()),
      urgency: z.exactOptional(value()),
      tags: z.exactOptional(
        z.union(
          [z.string(), z.array(value()).check(z.maxLength(MAX_ENTRIES))],
          "must be a list of texts, or a text with commas",
        ),
      ),
      meta: z.exactOptional(anyMap()),
      additional_data: z.exactOptional(z.array(datum()).check(z.maxLength(MAX_ENTRIES))),
      incident: z.exactOptional(value()),
      incident_severity: z.exactOptional(value()),
      incident_message: z.exactOptional(value()),
    }),
    z.strictObject({ type: z.literal(["acknowledge", "resolve"]), ...identity() }).check(
      z.refine(({ thirdparty_id, dedup_keys }) => thirdparty_id !== undefined || dedup_keys !== undefined, {
        path: ["thirdparty_id"],
        message: "is required to identify the alert, unless dedup_keys do",
      }),
    ),
    z.strictObject({ type: z.literal(["ignore", "receive", "test"]), reason: z.exactOptional(value()) }),
  ]),
);

export const ruleActions = lazy(() => z.array(action()).check(z.minLength(1), z.maxLength(MAX_ACTIONS)));

/** The shape of the options of a `rules` integration. `compileRules` checks the templates and filters in them. */
export const rulesShape = lazy(() =>
  z.strictObject({
    rule_set: z.exactOptional(z.nullable(z.string().check(z.maxLength(MAX_NAME)))),
    rules: z.exactOptional(
      z.nullable(z.array(z.strictObject({ match: anyMap(), actions: ruleActions() })).check(z.maxLength(MAX_RULES))),
    ),
    default: z.exactOptional(z.nullable(z.strictObject({ actions: ruleActions() }))),
    preprocess: z.exactOptional(
      z.nullable(z.array(z.strictObject({ type: z.enum(PREPROCESSORS) })).check(z.maxLength(PREPROCESSORS.length))),
    ),
    each: z.exactOptional(
      z.nullable(
        z
          .string()
          .check(z.maxLength(MAX_PATH), z.regex(/^[^.]+(\.[^.]+)*$/, "must be a dotted path such as data.alerts")),
      ),
    ),
    expect_every_minutes: expectEveryMinutes(),
  }),
);

export type GivenRules = z.output<ReturnType<typeof rulesShape>>;
