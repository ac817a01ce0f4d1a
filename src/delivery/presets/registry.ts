import type { PresetName } from "../../model/destination.ts";
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

/** The shapes of tools that a destination's body can have. */
export const PRESET_OF: Readonly<Record<PresetName, Preset>> = {
  slack,
  discord,
  teams,
  "google-chat": googleChat,
  pagerduty,
  opsgenie,
  telegram,
  pagertree,
  cloudevents,
  zapier,
} satisfies Record<PresetName, Preset>;
