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
        options: z
          .array(z.strictObject({ name: z.string(), required: z.boolean(), secret: z.boolean() }))
          .check(z.describe("For `payload.options` of a destination.")),
      }),
    ),
  }),
);

function optionsOf({ options }: Preset) {
  return Object.entries(options).map(([name, { required, secret }]) => ({ name, required, secret }));
}

function listPresets(): Shown<typeof presetList>["data"] {
  return PRESET_NAMES.map((name) => {
    const { title, category, summary } = PRESETS[name];
    return { name, title, category, summary, docs: `docs/presets/${name}.md`, options: optionsOf(PRESETS[name]) };
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
