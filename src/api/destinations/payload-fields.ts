import * as z from "zod/mini";
import { PRESETS, PRESET_NAMES } from "../../delivery/presets/registry.ts";
import { jsonFault } from "../../delivery/request/json-error-position.ts";
import { formatFor } from "../../delivery/request/template-formats.ts";
import { isJsonType } from "../../delivery/request/template-body.ts";
import { PAYLOAD_MODES, type Payload } from "../../model/destination.ts";
import { type JsonObject, isJsonObject } from "../../model/json.ts";
import { parseTemplate } from "../../templates/liquid.ts";
import type { Shown } from "../endpoint.ts";
import { type JsonSchema, answerSchema, documentedAs, documentedWith, headerValues, requestSchema } from "../schema.ts";

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const MEDIA_TYPE = new RegExp(`^${TOKEN}/${TOKEN}(?: *; *${TOKEN}=(?:${TOKEN}|"[ !#-\\[\\]-~]*"))*$`);
const CHARSET = /; *charset="?([^";]*)/i;
const HAS_TAGS = /\{[{%]/;

/** A template of another multipart type would write the boundaries itself, and a value could contain them. */
const OTHER_MULTIPART = /^multipart\/(?!form-data *(?:;|$))/i;

export const contentType = z.string().check(
  z.maxLength(200),
  z.regex(MEDIA_TYPE, 'must be a media type such as "application/json"'),
  z.refine((type) => (CHARSET.exec(type)?.[1] ?? "utf-8").toLowerCase() === "utf-8", "must have the charset UTF-8"),
  z.refine((type) => !OTHER_MULTIPART.test(type), "must not be of a multipart type other than multipart/form-data"),
);

/**
 * Returns why a template's text is no body of its content type; null if it may be one. Whether a template with tags renders to JSON
 * depends on the event.
 */
export function templateFault(content_type: string, body: string): string | null {
  const error = HAS_TAGS.test(body) || !isJsonType(content_type) ? null : jsonFault(body);
  return error === null ? null : `must be JSON, as content_type says: it ${error}`;
}

const template = z
  .strictObject({
    mode: z.literal("template"),
    content_type: z._default(contentType, "application/json"),
    body: z.string(),
  })
  .check(
    z.superRefine(({ content_type, body }, context) => {
      const refuse = (message: string): void => context.addIssue({ code: "custom", path: ["body"], message });
      const parsed = parseTemplate(body, formatFor(content_type));
      if (!parsed.ok) return refuse(parsed.error);
      const fault = templateFault(content_type, body);
      if (fault !== null) refuse(fault);
    }),
  );

/** JSON Schema of the options of all presets. */
function presetOptions(): JsonSchema {
  const lines = Object.entries(PRESETS).flatMap(([preset, { options }]) => {
    const names = Object.entries(options).map(([name, { required }]) => (required ? `${name} (required)` : name));
    return names.length === 0 ? [] : [`${preset}: ${names.join(", ")}`];
  });
  return {
    type: "object",
    additionalProperties: { anyOf: [{ type: "string" }, { type: "integer" }] },
    description: `By preset; the others have none. ${lines.join("; ")}.`,
  };
}

const preset = z.strictObject({
  mode: z.literal("preset"),
  preset: z.enum(PRESET_NAMES, { error: `must be one of ${PRESET_NAMES.join(", ")}` }),
  options: z.optional(documentedAs(z.custom<JsonObject>(isJsonObject, "must be an object"), presetOptions())),
});

/** `payload` in a request: the body of deliveries. */
export const acceptedPayload = requestSchema(
  "DestinationPayloadInput",
  documentedWith(
    z.discriminatedUnion(
      "mode",
      [
        z.strictObject({ mode: z.literal("envelope") }),
        z.strictObject({ mode: z.literal("original") }),
        template,
        preset,
      ],
      { error: `must be an object whose mode is one of ${PAYLOAD_MODES.join(", ")}` },
    ),
    { description: "By default `envelope`." },
  ),
);
export type GivenPayload = z.output<typeof acceptedPayload>;
export type GivenPreset = z.output<typeof preset>;

/** `payload` as the API shows it. */
export const shownPayload = answerSchema(
  "DestinationPayload",
  z.discriminatedUnion("mode", [
    z.strictObject({ mode: z.enum(["envelope", "original"]) }),
    z.strictObject({ mode: z.literal("template"), content_type: z.string(), body: z.string() }),
    z.strictObject({
      mode: z.literal("preset"),
      preset: z.string().check(z.describe(`One of ${PRESET_NAMES.join(", ")}.`)),
      options: headerValues.check(z.describe("Without the options that are secrets.")),
    }),
  ]),
);

/** Shows `payload` without secrets. */
export function viewPayload(stored: Payload): Shown<typeof shownPayload> {
  if (stored.mode !== "preset") return stored;
  const { mode, preset: name, options } = stored;
  return { mode, preset: name, options };
}
