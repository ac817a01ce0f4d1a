import { findIn, namesIn } from "../../model/registry.ts";
import { cloudevents } from "./cloudevents.ts";
import { discord } from "./discord.ts";
import { googleChat } from "./google-chat.ts";
import { opsgenie } from "./opsgenie.ts";
import { pagerduty } from "./pagerduty.ts";
import { pagertree } from "./pagertree.ts";
import { slack } from "./slack.ts";
import { teams } from "./teams.ts";
import { telegram } from "./telegram.ts";
import { zapier } from "./zapier.ts";
import { CATALOGUE } from "./catalogue/index.ts";
import { presetOf } from "./data/preset-of.ts";
import type { Preset } from "./preset.ts";

/** The presets by name. */
export const PRESETS = {
  airtable: presetOf(CATALOGUE.airtable),
  asana: presetOf(CATALOGUE.asana),
  "better-stack": presetOf(CATALOGUE["better-stack"]),
  cloudevents,
  "datadog-events": presetOf(CATALOGUE["datadog-events"]),
  discord,
  elastic: presetOf(CATALOGUE.elastic),
  firehydrant: presetOf(CATALOGUE.firehydrant),
  freshservice: presetOf(CATALOGUE.freshservice),
  "github-issues": presetOf(CATALOGUE["github-issues"]),
  "gitlab-issues": presetOf(CATALOGUE["gitlab-issues"]),
  "google-chat": googleChat,
  "google-drive": presetOf(CATALOGUE["google-drive"]),
  "google-sheets": presetOf(CATALOGUE["google-sheets"]),
  "grafana-oncall": presetOf(CATALOGUE["grafana-oncall"]),
  ilert: presetOf(CATALOGUE.ilert),
  "incident-io": presetOf(CATALOGUE["incident-io"]),
  jira: presetOf(CATALOGUE.jira),
  linear: presetOf(CATALOGUE.linear),
  loki: presetOf(CATALOGUE.loki),
  mailgun: presetOf(CATALOGUE.mailgun),
  make: presetOf(CATALOGUE.make),
  matrix: presetOf(CATALOGUE.matrix),
  mattermost: presetOf(CATALOGUE.mattermost),
  "microsoft-graph-mail": presetOf(CATALOGUE["microsoft-graph-mail"]),
  n8n: presetOf(CATALOGUE.n8n),
  "new-relic-events": presetOf(CATALOGUE["new-relic-events"]),
  notion: presetOf(CATALOGUE.notion),
  ntfy: presetOf(CATALOGUE.ntfy),
  opsgenie,
  pagerduty,
  pagertree,
  postmark: presetOf(CATALOGUE.postmark),
  pushover: presetOf(CATALOGUE.pushover),
  resend: presetOf(CATALOGUE.resend),
  "rocket-chat": presetOf(CATALOGUE["rocket-chat"]),
  rootly: presetOf(CATALOGUE.rootly),
  sendgrid: presetOf(CATALOGUE.sendgrid),
  servicenow: presetOf(CATALOGUE.servicenow),
  slack,
  "splunk-hec": presetOf(CATALOGUE["splunk-hec"]),
  "splunk-on-call": presetOf(CATALOGUE["splunk-on-call"]),
  squadcast: presetOf(CATALOGUE.squadcast),
  teams,
  telegram,
  trello: presetOf(CATALOGUE.trello),
  "twilio-sms": presetOf(CATALOGUE["twilio-sms"]),
  vonage: presetOf(CATALOGUE.vonage),
  webex: presetOf(CATALOGUE.webex),
  xmatters: presetOf(CATALOGUE.xmatters),
  zapier,
  zendesk: presetOf(CATALOGUE.zendesk),
  zenduty: presetOf(CATALOGUE.zenduty),
  "zoom-chat": presetOf(CATALOGUE["zoom-chat"]),
  zulip: presetOf(CATALOGUE.zulip),
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;

export const PRESET_NAMES = namesIn<PresetName>(PRESETS);

/** Returns a preset by its stored name; null if this version does not have it. */
export function findPreset(name: string): Preset | null {
  return findIn<PresetName, Preset>(PRESETS, name);
}
