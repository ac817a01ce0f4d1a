import { COLORS, toneOf } from "./tone.ts";
import { type Preset, json } from "./preset.ts";
import { escapeEntities, fit } from "./text.ts";

const LONGEST_TITLE = 300;
const LONGEST_SECTION = 3_000;
const LONGEST_FIELD = 2_000;

function plainText(text: string, most: number): object {
  return { type: "plain_text", text: fit(text, most, escapeEntities), emoji: false };
}

/** A message for Slack's incoming webhooks; the sender's words stand in plain text, where nothing is markup. */
export const slack: Preset = {
  options: {},
  render(story) {
    const { headline, title, description, facts, link } = story;
    const text = fit(`[${headline}] ${title}`, LONGEST_TITLE, escapeEntities);
    const blocks: object[] = [];
    if (description !== "") blocks.push({ type: "section", text: plainText(description, LONGEST_SECTION) });
    if (facts.length > 0) {
      const fields = facts.map((fact) => plainText(`${fact.label}: ${fact.text}`, LONGEST_FIELD));
      blocks.push({ type: "section", fields });
    }
    if (link !== null) {
      const to = fit(link.href, LONGEST_SECTION, escapeEntities);
      const open = `<${to}|Open on ${fit(link.host, LONGEST_TITLE, escapeEntities)}>`;
      blocks.push({ type: "section", text: { type: "mrkdwn", text: open, verbatim: true } });
    }
    blocks.push({ type: "context", elements: [plainText(`${story.event_id} · ${story.timestamp}`, LONGEST_TITLE)] });
    const color = `#${COLORS[toneOf(story)].toString(16).padStart(6, "0")}`;
    return json({
      text,
      mrkdwn: false,
      unfurl_links: false,
      unfurl_media: false,
      attachments: [{ color, fallback: text, blocks }],
    });
  },
};
