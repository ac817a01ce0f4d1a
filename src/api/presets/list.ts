import * as z from "zod/mini";
import { PRESET_CATEGORIES } from "../../delivery/presets/preset.ts";
import { PRESETS, PRESET_NAMES } from "../../delivery/presets/registry.ts";
import type { Preset } from "../../delivery/presets/preset.ts";
import { type Shown, endpoint, returns } from "../endpoint.ts";
import { answerSchema } from "../schema.ts";

const presetList = answerSchema(
  "PresetList",
  z.strictObject({
    data: z.array(
      z.strictObject({
        name: z.string().check(z.describe("For `payload.preset` of a destination.")),
        title: z.string(),
        category: z.enum(PRESET_CATEGORIES),
        summary: z.string().check(z.describe("What a delivery does in the product.")),
        docs: z.string().check(z.describe("A path in the repository.")),
        steps: z.optional(z.array(z.string())).check(z.describe("What to do in the product first, as Markdown.")),
        url: z.optional(z.string()).check(z.describe("An example of the destination's URL.")),
        auth: z
          .optional(z.strictObject({ types: z.array(z.string()), hint: z.string() }))
          .check(z.describe("What the destination's `auth` must be, if the product asks for it.")),
        options: z
          .array(
            z.strictObject({
              name: z.string(),
              required: z.boolean(),
              secret: z.boolean(),
              hint: z.optional(z.string()),
            }),
          )
          .check(z.describe("For `payload.options` of a destination.")),
      }),
    ),
  }),
);

function optionsOf({ options }: Preset) {
  return Object.entries(options).map(([name, { required, secret, hint }]) => ({
    name,
    required,
    secret,
    ...(hint === undefined ? {} : { hint }),
  }));
}

function listPresets(): Shown<typeof presetList>["data"] {
  return PRESET_NAMES.map((name) => {
    const preset: Preset = PRESETS[name];
    const { title, category, summary, steps, address, auth } = preset;
    return {
      name,
      title,
      category,
      summary,
      docs: `docs/presets/${name}.md`,
      ...(steps === undefined ? {} : { steps: [...steps] }),
      ...(address === undefined ? {} : { url: address.example }),
      ...(auth === undefined ? {} : { auth: { types: [...auth.types], hint: auth.hint } }),
      options: optionsOf(preset),
    };
  });
}

export const list = endpoint({
  id: "presets.list",
  method: "GET",
  path: "/presets",
  scope: "read",
  summary: "List the presets of destinations",
  answers: { 200: returns(presetList, "All presets.") },
}).handle(async () => ({ status: 200, body: { data: listPresets() } }));
