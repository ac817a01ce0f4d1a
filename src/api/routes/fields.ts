import * as z from "zod/mini";
import { parseFilter } from "../../filters/filter.ts";
import { type FilterSubject, unknownNames } from "../../filters/names.ts";
import { MESSAGE_TYPES } from "../../model/event.ts";
import { type JsonObject, isJsonObject } from "../../model/json.ts";
import { parseTemplate } from "../../templates/liquid.ts";
import { acceptedExternalId, shownNaming } from "../external-ids.ts";
import { name } from "../fields.ts";
import { pageOf } from "../paging.ts";
import { answerSchema, documentedAs, documentedWith, idOf, jsonMap, requestSchema, stamps } from "../schema.ts";

const MAX_IDS = 250;
const MAX_MATCH_CHARACTERS = 20_000;
const MAX_WINDOW_SECONDS = 86_400;
const MAX_TEMPLATE = 10_000;
const MAX_ATTRIBUTES = 50;
const MAX_PATH = 200;

const id = z.string().check(z.maxLength(100));

/** What is delivered, as a filter sees it: `{type, timestamp, data: {event, alert}}`. */
const DELIVERED: FilterSubject = {
  names: ["type", "timestamp", "data"],
  suggest: (text) => (/^(?:event|alert)(?:\.|$)/.test(text) ? `data.${text}` : `data.event.payload.${text}`),
};

// Routing compiles the same filter: one that it could not compile would match nothing.
const match = documentedAs(z.custom<JsonObject>(), {
  type: "object",
  additionalProperties: true,
  description: "A MongoDB-style filter over `{type, data}`.",
}).check(
  z.superRefine((value: unknown, context) => {
    const refuse = (message: string, path: PropertyKey[] = []): void => {
      context.addIssue({ code: "custom", path, message });
    };
    if (!isJsonObject(value)) refuse("must be an object or null");
    else if (JSON.stringify(value).length > MAX_MATCH_CHARACTERS) {
      refuse(`must be at most ${MAX_MATCH_CHARACTERS} characters of JSON`);
    } else {
      const parsed = parseFilter(value);
      const errors = parsed.ok ? unknownNames(value, DELIVERED) : parsed.error;
      for (const error of errors) refuse(error.message, error.path === "" ? [] : [error.path]);
    }
  }),
);

const template = z.string().check(
  z.maxLength(MAX_TEMPLATE),
  z.refine((text) => text.trim() !== "", "must not be blank: send null for the alert's key"),
  z.refine((text) => text.isWellFormed() && !text.includes("\u0000"), "must not contain broken text"),
  z.superRefine((text, context) => {
    const parsed = parseTemplate(text);
    if (!parsed.ok) context.addIssue({ code: "custom", message: parsed.error });
  }),
);

const path = z.string().check(
  z.maxLength(MAX_PATH),
  z.refine((text) => text.split(".").every((part) => part !== ""), "is not a path: a part of it is empty"),
);

/** The fields that requests may set. */
const accepted = z.strictObject({
  name,
  external_id: acceptedExternalId,
  destination_ids: z.array(id).check(z.minLength(1, "must name at least one destination"), z.maxLength(MAX_IDS)),
  enabled: z.boolean(),
  integration_ids: z
    .nullable(
      z.array(id).check(z.minLength(1, "must name at least one integration, or be null for all"), z.maxLength(MAX_IDS)),
    )
    .check(z.describe("Null for all.")),
  event_types: documentedWith(
    z.nullable(
      z.pipe(
        z.array(z.enum(MESSAGE_TYPES)).check(z.minLength(1, "must name at least one type, or be null for all")),
        z.transform((types) => [...new Set(types)]),
      ),
    ),
    { description: "Null for all types except those that a route must name." },
  ),
  match: z.nullable(match),
  group_window_seconds: z
    .int()
    .check(z.minimum(0), z.maximum(MAX_WINDOW_SECONDS), z.describe("0 delivers events one by one.")),
  group_by: z.nullable(template).check(z.describe("A template; null for the alert's key.")),
  group_attributes: documentedWith(
    z.nullable(
      z.pipe(
        z.array(path).check(z.maxLength(MAX_ATTRIBUTES)),
        z.transform((paths) => [...new Set(paths)]),
      ),
    ),
    { description: "Dotted paths; null for the payload's `attributes`." },
  ),
});

const { shape } = accepted;

export const routeCreation = requestSchema(
  "RouteCreation",
  z.strictObject({
    ...shape,
    external_id: z._default(shape.external_id, null),
    enabled: z._default(shape.enabled, true),
    integration_ids: z._default(shape.integration_ids, null),
    event_types: z._default(shape.event_types, null),
    match: z._default(shape.match, null),
    group_window_seconds: z._default(shape.group_window_seconds, 0),
    group_by: z._default(shape.group_by, null),
    group_attributes: z._default(shape.group_attributes, null),
  }),
);
export const routeChange = requestSchema("RouteChange", z.partial(accepted));

/** A route as the API shows it. */
export const route = answerSchema(
  "Route",
  z.strictObject({
    id: idOf("rte"),
    name: z.string(),
    ...shownNaming,
    enabled: z.boolean(),
    integration_ids: z.nullable(z.array(idOf("int"))).check(z.describe("Null for all.")),
    event_types: z
      .nullable(z.array(z.enum(MESSAGE_TYPES)))
      .check(z.describe("Null for all types except those that a route must name.")),
    match: z.nullable(jsonMap),
    destination_ids: z.array(idOf("dst")),
    group_window_seconds: z.int(),
    group_by: z.nullable(z.string()),
    group_attributes: z.nullable(z.array(z.string())),
    ...stamps,
  }),
);
export const routeList = pageOf("RouteList", route);
