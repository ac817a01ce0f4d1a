import { addToRegistry, addToTable } from "./edits.mjs";

/**
 * @param {string} name
 * @param {string} headline
 */
function fixtureOf(name, headline) {
  const text = `[${headline}] Disk full\n\nOnly 2 % left.\nClean up.\n\nhttps://grafana.example.com/d/1?a=1&b=2`;
  return { content_type: "application/json", body: { channel: `#${name}`, text } };
}

/**
 * A preset that sends one text, in which Markdown is markup.
 * @param {import("./names.mjs").Names} names
 * @returns {import("./plan.mjs").Plan}
 */
export function preset({ name, constant, title }) {
  const fixture = {
    url: `https://${name}.example.com/hooks/1`,
    options: { channel: `#${name}` },
    requests: { "alert.created": fixtureOf(name, "Alert"), "alert.resolved": fixtureOf(name, "Resolved") },
  };
  return {
    files: {
      [`src/delivery/presets/${name}.ts`]: `import { type Preset, json, shortText } from "./preset.ts";
import { escapeMarkdown, fit, markdownParts } from "./text.ts";

const MAX_TITLE = 300;
const MAX_DESCRIPTION = 3_000;
const MAX_CHANNEL = 100;

function inert(text: string, maxLength: number): string {
  return fit(markdownParts(text), maxLength, escapeMarkdown);
}

/** A message for ${title}. */
export const ${constant}: Preset = {
  title: "${title}",
  category: "chat",
  summary: "Posts a message to a channel.",
  options: {
    channel: { schema: () => shortText(MAX_CHANNEL), required: false, secret: false },
  },
  render({ headline, title, description, link }, options) {
    const { channel } = options;
    const parts = [
      \`[\${headline}] \${inert(title, MAX_TITLE)}\`,
      inert(description, MAX_DESCRIPTION),
      link === null ? "" : link.href,
    ];
    return json({
      ...(channel === undefined ? {} : { channel }),
      text: parts.filter((part) => part !== "").join("\\n\\n"),
    });
  },
};
`,
      [`test/fixtures/presets/${name}.json`]: `${JSON.stringify(fixture, null, 2)}\n`,
      [`test/delivery/presets/${name}.test.ts`]: `import { expect, it } from "vitest";
import { ALERT, eventOf, render } from "./events.ts";

it("a message for ${title} shows the sender's text without markup, and cuts it", async () => {
  const alert = { ...ALERT, title: "*x* @all", description: "y".repeat(5_000), additional_data: [] };
  const { body } = await render("${name}", eventOf("alert.created", alert));
  expect(body.text).toContain(String.raw\`[Alert] \\*x\\* @\`);
  expect(body.text).not.toContain("@all");
  expect(body.text.length).toBeLessThan(3_400);
  expect(body.channel).toBeUndefined();
});
`,
      [`docs/presets/${name}.md`]: `# ${title} (\`preset: "${name}"\`)

## Set up

The \`url\` of the destination is the address of a webhook of ${title}.

\`\`\`json
{"mode": "preset", "preset": "${name}"}
\`\`\`

## Options

| option | | |
| --- | --- | --- |
| \`channel\` | | the channel to post to |

## What is sent

A text with headline, title, description and link.
`,
    },
    edits: [
      {
        path: "src/delivery/presets/registry.ts",
        edit: addToRegistry("export const PRESETS = {", { constant, key: name, module: `./${name}.ts` }),
      },
      {
        path: "docs/payloads.md",
        edit: addToTable("| `preset` | for |", `| [\`${name}\`](presets/${name}.md) | ${title} | \`channel\` |`),
      },
    ],
    steps: [
      `Render in src/delivery/presets/${name}.ts what the product takes, and link its documentation. Escape the sender's text.`,
      `Put what is sent for the standard events into test/fixtures/presets/${name}.json.`,
      `Test in test/delivery/presets/${name}.test.ts that markup and mentions of a sender do nothing.`,
      `Correct docs/presets/${name}.md and its row in docs/payloads.md.`,
      "Run npm run openapi, npm run client and npm run check.",
      "Run npm test -- test/delivery/presets test/api/destinations/payload.test.ts.",
    ],
  };
}
