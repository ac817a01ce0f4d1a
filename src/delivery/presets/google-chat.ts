import { type Preset, json } from "./preset.ts";
import { escapeEntities, escapeMentions, fit } from "./text.ts";

// Google Chat takes messages of at most 32,000 bytes.
const MAX_TITLE = 300;
const MAX_DESCRIPTION = 4_000;
const MAX_FACT = 300;

function inert(text: string, maxLength: number): string {
  return fit(text, maxLength, escapeEntities);
}

/** A card for Google Chat's incoming webhooks. In the fields of the sender's text only `&`, `<` and `>` are markup. */
export const googleChat: Preset = {
  title: "Google Chat",
  category: "chat",
  summary: "Posts a message to a space.",
  options: {},
  render(content) {
    const { headline, title, description, facts, link } = content;
    const widgets: object[] = [{ textParagraph: { text: `<b>${inert(title, MAX_TITLE)}</b>` } }];
    if (description !== "") widgets.push({ textParagraph: { text: inert(description, MAX_DESCRIPTION) } });
    for (const { label, text } of facts) {
      widgets.push({
        decoratedText: { topLabel: inert(label, MAX_FACT), text: inert(text, MAX_FACT), wrapText: true },
      });
    }
    if (link !== null) {
      const text = `Open on ${inert(link.host, MAX_FACT)}`;
      widgets.push({ buttonList: { buttons: [{ text, onClick: { openLink: { url: link.href } } }] } });
    }
    const header = { title: headline, subtitle: `${content.event_id} · ${content.timestamp}` };
    return json({
      fallbackText: fit(`[${headline}] ${title}`, MAX_TITLE, escapeMentions),
      cardsV2: [{ cardId: content.event_id, card: { header, sections: [{ widgets }] } }],
    });
  },
};
