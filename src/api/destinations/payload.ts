import * as z from "zod/mini";
import { jsonFault } from "../../delivery/request/json-error-position.ts";
import { PRESET_OF } from "../../delivery/presets/registry.ts";
import { isJsonType } from "../../delivery/request/template-body.ts";
import { type Destination, PAYLOAD_MODES, PRESETS, type Payload } from "../../model/destination.ts";
import { type JsonObject, isJsonObject } from "../../model/json.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { parseTemplate } from "../../templates/liquid.ts";
import type { Call } from "../call.ts";
import { check } from "../field-errors.ts";

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const MEDIA_TYPE = new RegExp(`^${TOKEN}/${TOKEN}(?: *; *${TOKEN}=(?:${TOKEN}|"[ !#-\\[\\]-~]*"))*$`);
const CHARSET = /; *charset="?([^";]*)/i;
const HAS_TAGS = /\{[{%]/;

const contentType = z.string().check(
  z.maxLength(200),
  z.regex(MEDIA_TYPE, 'has to be a media type such as "application/json"'),
  z.refine((type) => (CHARSET.exec(type)?.[1] ?? "utf-8").toLowerCase() === "utf-8", "is written as UTF-8 only"),
);

const template = z
  .strictObject({
    mode: z.literal("template"),
    content_type: z._default(contentType, "application/json"),
    body: z.string(),
  })
  .check(
    z.superRefine(({ content_type, body }, context) => {
      const refuse = (message: string): void => context.addIssue({ code: "custom", path: ["body"], message });
      const parsed = parseTemplate(body);
      if (!parsed.ok) return refuse(parsed.error);
      // One with tags may give JSON with the right event, which only the event can tell.
      const fault = HAS_TAGS.test(body) || !isJsonType(content_type) ? null : jsonFault(body);
      if (fault !== null) refuse(`has to be JSON, as content_type says: it ${fault}`);
    }),
  );

const preset = z.strictObject({
  mode: z.literal("preset"),
  preset: z.enum(PRESETS, { error: `has to be one of ${PRESETS.join(", ")}` }),
  options: z.optional(z.custom<JsonObject>(isJsonObject, "has to be an object")),
});

/** What is to be delivered, as it is given. */
export const payload = z.discriminatedUnion(
  "mode",
  [z.strictObject({ mode: z.literal("envelope") }), z.strictObject({ mode: z.literal("original") }), template, preset],
  { error: `has to be an object whose mode is one of ${PAYLOAD_MODES.join(", ")}` },
);
export type GivenPayload = z.output<typeof payload>;
type GivenPreset = z.output<typeof preset>;

/** A number is taken for its digits, for ids of chats are written as such. */
function asText(value: unknown): unknown {
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
}

async function settlePreset(
  call: Call,
  { preset: name, options: given = {} }: GivenPreset,
  id: string,
  stored: Payload | null,
): Promise<Result<Payload, readonly FieldError[]>> {
  const known = PRESET_OF[name].options;
  const kept = stored?.mode === "preset" && stored.preset === name ? stored.sealed_options : {};
  const faults: FieldError[] = Object.keys(given)
    .filter((option) => !Object.hasOwn(known, option))
    .map((option) => ({
      path: `payload.options.${option.slice(0, 200)}`,
      message: `is not an option of the preset ${name}`,
    }));
  const options: Record<string, string> = {};
  const sealed: Record<string, string> = {};
  for (const [option, { schema, required, secret }] of Object.entries(known)) {
    const path = `payload.options.${option}`;
    const value = Object.hasOwn(given, option) ? given[option] : undefined;
    const before = secret ? kept[option] : undefined;
    if (value === undefined) {
      if (before !== undefined) sealed[option] = before;
      else if (required) faults.push({ path, message: "is required" });
      continue;
    }
    const checked = check(schema(), asText(value), path);
    if (!checked.ok) faults.push(...checked.error);
    else if (secret) sealed[option] = await call.context.keys.seal(checked.value, id);
    else options[option] = checked.value;
  }
  return faults.length > 0 ? fail(faults) : ok({ mode: "preset", preset: name, options, sealed_options: sealed });
}

/** What is to be stored of a given `payload`; `stored` is the destination that is changed, null for a new one. */
export async function settlePayload(
  call: Call,
  given: GivenPayload,
  id: string,
  stored: Pick<Destination, "payload"> | null,
): Promise<Result<Payload, readonly FieldError[]>> {
  switch (given.mode) {
    case "envelope":
    case "original":
    case "template":
      return ok(given);
    case "preset":
      return await settlePreset(call, given, id, stored?.payload ?? null);
  }
}

/** What the API shows of it: no secret. */
export function viewPayload(stored: Payload): object {
  if (stored.mode !== "preset") return stored;
  const { mode, preset: name, options } = stored;
  return { mode, preset: name, options };
}
