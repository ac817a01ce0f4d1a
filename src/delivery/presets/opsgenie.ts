import * as z from "zod/mini";
import type { Urgency } from "../../model/alert.ts";
import { type Preset, type Rendered, json } from "./preset.ts";
import type { Step, Story } from "./message.ts";
import { fit, oneLine } from "./text.ts";

const MAX_MESSAGE = 130;
const MAX_DESCRIPTION = 15_000;
const MAX_TAGS = 20;
const MAX_TAG = 50;

const PRIORITIES = { critical: "P1", high: "P2", medium: "P3", low: "P4" } as const satisfies Record<Urgency, string>;

/** What is appended to the address for requests about an alert that there is. */
const ACTION_OF_STEP = {
  open: null,
  acknowledge: "acknowledge",
  resolve: "close",
} as const satisfies Record<Step, string | null>;

function priorityOf({ type, urgency }: Story): string {
  if (urgency !== null) return PRIORITIES[urgency];
  return type === "test" ? "P5" : "P3";
}

/** The address of an action on an alert: below that of creating one, on the same host. */
function actionUrl(base: string, alias: string, action: string): string | null {
  const url = URL.parse(base);
  if (url === null) return null;
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${encodeURIComponent(alias)}/${action}`;
  url.searchParams.set("identifierType", "alias");
  return url.href;
}

function creation(story: Story): Rendered {
  const { alert, description, facts, link } = story;
  const tags = (alert?.tags ?? []).map((tag) => fit(oneLine(tag), MAX_TAG)).filter((tag) => tag !== "");
  const details = [
    ["event_id", story.event_id],
    ["from", story.source],
    ["type", story.type],
    ...(link === null ? [] : [["link", link.href]]),
    ...facts.map(({ label, text }) => [`fact ${label}`, text]),
  ];
  return json({
    message: fit(story.title, MAX_MESSAGE),
    alias: story.dedup_key,
    ...(description === "" ? {} : { description: fit(description, MAX_DESCRIPTION) }),
    priority: priorityOf(story),
    source: "Hookgate",
    tags: tags.slice(0, MAX_TAGS),
    details: Object.fromEntries(details),
  });
}

/** A request to Opsgenie's Alert API, or Jira Service Management's: to create an alert, acknowledge it or close it. */
export const opsgenie: Preset = {
  options: {
    api_key: {
      schema: () => z.string().check(z.regex(/^[\w-]{16,200}$/, "has to be an API key: letters, digits and hyphens")),
      required: false,
      secret: true,
    },
  },
  render(story, options, base) {
    const key = options["api_key"];
    const credentials = key === undefined ? {} : { headers: { authorization: `GenieKey ${key}` } };
    const action = ACTION_OF_STEP[story.step];
    if (action === null) return { ...creation(story), ...credentials };
    const url = actionUrl(base, story.dedup_key, action);
    const note = fit(`${story.headline}: ${story.title}`, MAX_DESCRIPTION);
    return { ...json({ source: "Hookgate", note }), ...credentials, ...(url === null ? {} : { url }) };
  },
};
