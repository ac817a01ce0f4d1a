import { COLORS, toneOf } from "./tone.ts";
import { type Preset, json } from "./preset.ts";
import { escapeMarkdown, fit, markdownParts } from "./text.ts";

// Discord takes at most 6,000 characters in all texts of a message together. These limits add up to less.
const MAX_TITLE = 256;
const MAX_DESCRIPTION = 3_400;
const MAX_NAME = 50;
const MAX_VALUE = 170;

function inert(text: string, maxLength: number): string {
  return fit(markdownParts(text), maxLength, escapeMarkdown);
}

/** A message for Discord's webhooks. It mentions nobody. */
export const discord: Preset = {
  title: "Discord",
  category: "chat",
  summary: "Posts a message to a channel.",
  options: {},
  render(content) {
    const { headline, title, description, facts, link } = content;
    const fields = facts.map(({ label, text }) => ({
      name: inert(label, MAX_NAME),
      value: inert(text, MAX_VALUE),
      inline: true,
    }));
    const embed = {
      title: inert(`[${headline}] ${title}`, MAX_TITLE),
      ...(description === "" ? {} : { description: inert(description, MAX_DESCRIPTION) }),
      ...(link === null ? {} : { url: link.href }),
      color: COLORS[toneOf(content)],
      fields,
      footer: { text: content.event_id },
      timestamp: content.timestamp,
    };
    return json({ embeds: [embed], allowed_mentions: { parse: [] } });
  },
};
