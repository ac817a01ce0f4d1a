import { toneOf } from "./tone.ts";
import { type Preset, json } from "./preset.ts";
import { fit } from "./text.ts";

// Teams takes messages of at most 28 KB.
const MAX_TITLE = 300;
const MAX_DESCRIPTION = 4_000;
const MAX_LINES = 40;
const MAX_FACT = 200;

const TITLE_COLORS = {
  resolved: "Good",
  acknowledged: "Accent",
  severe: "Attention",
  warning: "Warning",
  mild: "Default",
} as const satisfies Record<ReturnType<typeof toneOf>, string>;

type Run = { readonly text: string; readonly weight?: "Bolder"; readonly color?: string; readonly size?: "Medium" };

/** A paragraph of text runs. Unlike a TextBlock, they know no Markdown. */
function paragraph(...runs: readonly Run[]): object {
  const inlines = runs.map((run) => ({ type: "TextRun", ...run }));
  return { type: "RichTextBlock", spacing: "Small", inlines };
}

/** An Adaptive Card for Microsoft Teams, in the message that its Workflows take. */
export const teams: Preset = {
  title: "Microsoft Teams",
  category: "chat",
  summary: "Posts a card to a channel.",
  options: {},
  render(content) {
    const { headline, title, description, facts, link } = content;
    const heading = fit(`[${headline}] ${title}`, MAX_TITLE);
    const lines = fit(description, MAX_DESCRIPTION)
      .split("\n")
      .filter((line) => line.trim() !== "");
    const shown = lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), "…"] : lines;
    const card = {
      $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
      type: "AdaptiveCard",
      version: "1.4",
      body: [
        paragraph({ text: heading, weight: "Bolder", size: "Medium", color: TITLE_COLORS[toneOf(content)] }),
        ...shown.map((text) => paragraph({ text })),
        ...facts.map(({ label, text }) =>
          paragraph({ text: `${label}: `, weight: "Bolder" }, { text: fit(text, MAX_FACT) }),
        ),
        paragraph({ text: `${content.event_id} · ${content.timestamp}` }),
      ],
      ...(link === null
        ? {}
        : { actions: [{ type: "Action.OpenUrl", title: `Open on ${fit(link.host, MAX_FACT)}`, url: link.href }] }),
      msteams: { width: "Full" },
    };
    const contentType = "application/vnd.microsoft.card.adaptive";
    return json({ type: "message", attachments: [{ contentType, contentUrl: null, content: card }] });
  },
};
