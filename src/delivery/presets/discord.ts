import { COLORS, toneOf } from "./tone.ts";
import { type Preset, json } from "./preset.ts";
import { escapeMarkdown, fit, markdownParts } from "./text.ts";

// All texts of a message together may have 6,000 characters. These come to less.
const MAX_TITLE = 256;
const MAX_DESCRIPTION = 3_400;
const MAX_NAME = 50;
const MAX_VALUE = 170;

function inert(text: string, most: number): string {
  return fit(markdownParts(text), most, escapeMarkdown);
}

/** A message for Discord's webhooks, which nobody is notified by. */
export const discord: Preset = {
  options: {},
  render(story) {
    const { headline, title, description, facts, link } = story;
    const fields = facts.map(({ label, text }) => ({
      name: inert(label, MAX_NAME),
      value: inert(text, MAX_VALUE),
      inline: true,
    }));
    const embed = {
      title: inert(`[${headline}] ${title}`, MAX_TITLE),
      ...(description === "" ? {} : { description: inert(description, MAX_DESCRIPTION) }),
      ...(link === null ? {} : { url: link.href }),
      color: COLORS[toneOf(story)],
      fields,
      footer: { text: story.event_id },
      timestamp: story.timestamp,
    };
    return json({ embeds: [embed], allowed_mentions: { parse: [] } });
  },
};
