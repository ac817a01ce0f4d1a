import { findIn, namesIn } from "../../model/registry.ts";
import { cloudevents } from "./cloudevents.ts";
import { discord } from "./discord.ts";
import { googleChat } from "./google-chat.ts";
import { opsgenie } from "./opsgenie.ts";
import { pagerduty } from "./pagerduty.ts";
import { pagertree } from "./pagertree.ts";
import type { Preset } from "./preset.ts";
import { slack } from "./slack.ts";
import { teams } from "./teams.ts";
import { telegram } from "./telegram.ts";
import { zapier } from "./zapier.ts";

/** The presets by name. */
export const PRESETS = {
  cloudevents,
  discord,
  "google-chat": googleChat,
  opsgenie,
  pagerduty,
  pagertree,
  slack,
  teams,
  telegram,
  zapier,
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;

export const PRESET_NAMES = namesIn<PresetName>(PRESETS);

/** Returns a preset by its stored name; null if this version does not have it. */
export function findPreset(name: string): Preset | null {
  return findIn<PresetName, Preset>(PRESETS, name);
}
