import type * as z from "zod/mini";
import { PRESET_OF } from "../../delivery/presets/registry.ts";
import { destinationChange, destinationCreation } from "../destinations/fields.ts";
import { SCHEMAS } from "../destinations/options.ts";
import { payload } from "../destinations/payload.ts";

// What cannot be read off a schema that checks by a function: said here, by the schema itself.

export type JsonSchema = z.core.JSONSchema.BaseSchema;

const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
const headerMap: JsonSchema = { type: "object", additionalProperties: { type: "string" } };

function presetOptions(): JsonSchema {
  const lines = Object.entries(PRESET_OF).flatMap(([preset, { options }]) => {
    const names = Object.entries(options).map(([name, { required }]) => (required ? `${name} (required)` : name));
    return names.length === 0 ? [] : [`${preset}: ${names.join(", ")}`];
  });
  const additionalProperties: JsonSchema = { anyOf: [{ type: "string" }, { type: "integer" }] };
  return { type: "object", additionalProperties, description: `By preset; others take none. ${lines.join("; ")}.` };
}

function presetShape() {
  const found = payload.def.options.find((option) => "preset" in option.shape);
  if (found === undefined || !("preset" in found.shape)) throw new Error("no preset");
  return found.shape;
}

const placed = { required: ["url"] };
const others = { properties: { type: { enum: ["document", "queue", "email"] } }, required: ["type"] };

/** What a schema takes, in place of what its kind says. */
export const ACCEPTED: ReadonlyMap<z.core.$ZodType, JsonSchema> = new Map<z.core.$ZodType, JsonSchema>([
  [
    destinationCreation.shape.options.def.innerType,
    {
      anyOf: [
        { type: "object", additionalProperties: false },
        ref("DocumentOptions"),
        ref("QueueOptions"),
        ref("EmailOptions"),
      ],
      description: "As the destination's `type` has them; a change names only those that change.",
    },
  ],
  [
    destinationCreation.shape.headers.def.innerType,
    { ...headerMap, maxProperties: 50, description: "`••••`, as a secret value is shown, leaves it as it is." },
  ],
  [presetShape().options.def.innerType, presetOptions()],
  [SCHEMAS.email.def.in.shape.from, { type: "string", format: "email" }],
]);

/** What is true of a schema beside what its kind says. */
export const ADDED: ReadonlyMap<z.core.$ZodType, JsonSchema> = new Map<z.core.$ZodType, JsonSchema>([
  [destinationCreation, { anyOf: [placed, others] }],
  // Of a change they need not be whole.
  [SCHEMAS.document.def.in, { required: [], description: "`key` is required." }],
  [SCHEMAS.queue.def.in, { required: [], description: "`binding` is required." }],
  [SCHEMAS.email.def.in, { required: [], description: "`from` and `to` are required." }],
  [destinationCreation.shape.type, { default: "webhook", description: "It cannot be changed." }],
  [destinationCreation.shape.url.def.innerType, { description: "Of a webhook only." }],
  [destinationChange.shape.url.def.innerType, { description: "Of a webhook only." }],
  [destinationCreation.shape.timeout_ms.def.innerType, { default: 10_000 }],
  [
    destinationCreation.shape.retry_schedule.def.innerType,
    { description: "Seconds before attempts 2, 3, …; null for the gateway's own." },
  ],
  [destinationCreation.shape.auth.def.innerType, { description: "Secrets that are left out of a change stay." }],
  [
    destinationCreation.shape.signing.def.innerType,
    { description: "By default `standard-webhooks`, with a secret that is made." },
  ],
  [destinationCreation.shape.payload.def.innerType, { description: "By default `envelope`." }],
]);
