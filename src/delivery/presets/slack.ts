import { COLORS, toneOf } from "./tone.ts";
import { type Preset, json } from "./preset.ts";
import { escapeEntities, fit } from "./text.ts";

const MAX_TITLE = 300;
const MAX_SECTION = 3_000;
const MAX_FIELD = 2_000;

function plainText(text: string, maxLength: number): object {
  return { type: "plain_text", text: fit(text, maxLength, escapeEntities), emoji: false };
}

/** A message for Slack's incoming webhooks. The sender's text is in plain-text fields, which know no markup. */
export const slack: Preset = {
  title: "Slack",
  category: "chat",
  summary: "Posts a message to a channel.",
  options: {},
  render(content) {
    const { headline, title, description, facts, link } = content;
    const text = fit(`[${headline}] ${title}`, MAX_TITLE, escapeEntities);
    const blocks: object[] = [];
    if (description !== "") blocks.push({ type: "section", text: plainText(description, MAX_SECTION) });
    if (facts.length > 0) {
      const fields = facts.map((fact) => plainText(`${fact.label}: ${fact.text}`, MAX_FIELD));
      blocks.push({ type: "section", fields });
    }
    if (link !== null) {
      const to = fit(link.href, MAX_SECTION, escapeEntities);
      const open = `<${to}|Open on ${fit(link.host, MAX_TITLE, escapeEntities)}>`;
      blocks.push({ type: "section", text: { type: "mrkdwn", text: open, verbatim: true } });
    }
    blocks.push({ type: "context", elements: [plainText(`${content.event_id} · ${content.timestamp}`, MAX_TITLE)] });
    const color = `#${COLORS[toneOf(content)].toString(16).padStart(6, "0")}`;
    return json({
      text,
      mrkdwn: false,
      unfurl_links: false,
      unfurl_media: false,
      attachments: [{ color, fallback: text, blocks }],
    });
  },
};
