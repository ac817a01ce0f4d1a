import { COLORS, toneOf } from "./tone.ts";
import { type Preset, json } from "./preset.ts";
import { escapeMarkdown, fit, markdownParts } from "./text.ts";

// All texts of a message together may have 6,000 characters. These come to less.
const LONGEST_TITLE = 256;
const LONGEST_DESCRIPTION = 3_400;
const LONGEST_NAME = 50;
const LONGEST_VALUE = 170;

function inert(text: string, most: number): string {
  return fit(markdownParts(text), most, escapeMarkdown);
}

/** A message for Discord's webhooks, which nobody is notified by. */
export const discord: Preset = {
  options: {},
  render(story) {
    const { headline, title, description, facts, link } = story;
    const fields = facts.map(({ label, text }) => ({
      name: inert(label, LONGEST_NAME),
      value: inert(text, LONGEST_VALUE),
      inline: true,
    }));
    const embed = {
      title: inert(`[${headline}] ${title}`, LONGEST_TITLE),
      ...(description === "" ? {} : { description: inert(description, LONGEST_DESCRIPTION) }),
      ...(link === null ? {} : { url: link.href }),
      color: COLORS[toneOf(story)],
      fields,
      footer: { text: story.event_id },
      timestamp: story.timestamp,
    };
    return json({ embeds: [embed], allowed_mentions: { parse: [] } });
  },
};
