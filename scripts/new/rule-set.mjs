import { addToRegistry, addToTable } from "./edits.mjs";
import { NewError } from "./new-error.mjs";

/** @param {object} value */
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

/**
 * Rules for a product that sends a JSON map when a problem begins and when it ends.
 * @param {import("./names.mjs").Names} names
 * @returns {import("./plan.mjs").Plan}
 */
export function ruleSet({ name, constant, title }) {
  if (name.includes("-")) throw new NewError("A rule set has a name without hyphens, such as uptimekuma.");
  const problem = {
    id: "17",
    name: "Disk full",
    state: "problem",
    severity: "high",
    url: "https://monitor.example.com/17",
  };
  return {
    files: {
      [`src/sources/rules/sets/${name}.ts`]: `import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

const KEY = "{{ log.data.id }}";

export const ${constant}: RuleSet = {
  name: "${name}",
  title: "${title}",
  category: "monitoring",
  vendor_url: "https://${name}.example.com/webhooks",
  docs: "docs/sources/${name}.md",
  options: {
    rules: [
      {
        match: { "log.data.state": "problem" },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: "{{ log.data.name | default: 'A problem' }}",
            description: "{{ log.data.description }}",
            urgency: urgencyFrom("log.data.severity"),
            additional_data: [{ format: "link", label: "Problem", value: "{{ log.data.url }}" }],
          },
        ],
      },
      { match: { "log.data.state": "ok" }, actions: [{ type: "resolve", thirdparty_id: KEY }] },
    ],
    default: { actions: [{ type: "ignore", reason: "The state is not problem or ok." }] },
  },
};
`,
      [`test/fixtures/rule-sets/${name}/create.json`]: json(problem),
      [`test/fixtures/rule-sets/${name}/resolve.json`]: json({ id: "17", name: "Disk full", state: "ok" }),
      [`test/fixtures/rule-sets/${name}/expected.json`]: json({
        create: [{ action: "create", key: "17", title: "Disk full", urgency: "high", tags: [], links: 1 }],
        resolve: [{ action: "resolve", key: "17" }],
      }),
      [`test/sources/rules/sets/${name}.test.ts`]: `import { expect, it } from "vitest";
import { eventOf, openingOf } from "../../../support/sources.ts";

const OPTIONS = { options: { rule_set: "${name}" } };

it("a problem of ${title} without a severity has no urgency, and an unknown state is ignored", () => {
  expect(openingOf("rules", { id: 17, name: "Disk full", state: "problem" }, OPTIONS).fields.urgency).toBeNull();
  expect(eventOf("rules", { id: 17, state: "paused" }, OPTIONS).signal.action).toBe("ignore");
});
`,
      [`docs/sources/${name}.md`]: `# ${title} (\`rule_set: "${name}"\`)

## Set up

\`\`\`sh
curl -sS "$HOOKGATE_URL/api/v1/integrations" -H "authorization: Bearer $HOOKGATE_TOKEN" -H 'content-type: application/json' \\
  -d '{"name":"${title}","type":"rules","options":{"rule_set":"${name}"}}'
\`\`\`

In ${title}, enter the integration's \`url\` as the address of a webhook.

## Fields

| alert | from |
| --- | --- |
| key | \`id\` |
| title | \`name\` |
| description | \`description\` |
| urgency | \`severity\` |
| link | \`url\` |

## Events

| the product sends | outcome |
| --- | --- |
| \`state: problem\` | opens an alert; counted in \`dedup_count\` while it is open |
| \`state: ok\` | resolves it |

## Sources

- <https://${name}.example.com/webhooks>
`,
    },
    edits: [
      {
        path: "src/sources/rules/sets/index.ts",
        edit: addToRegistry("const LIST: readonly RuleSet[] = [", { constant, key: constant, module: `./${name}.ts` }),
      },
      {
        path: "docs/sources/README.md",
        edit: addToTable("| rule set |", `| [\`${name}\`](${name}.md) | ${title} | yes | no |`),
      },
    ],
    steps: [
      `Write the rules in src/sources/rules/sets/${name}.ts, and set vendor_url to the vendor's documentation.`,
      `Put requests that the vendor documents into test/fixtures/rule-sets/${name}, and what they come to into expected.json.`,
      `Test in test/sources/rules/sets/${name}.test.ts what the fixtures do not show.`,
      `Correct docs/sources/${name}.md, name the sources of the facts there, and correct its row in docs/sources/README.md.`,
      "Run npm run check.",
      "Run npm test -- test/sources/rules/sets test/flow/rule-sets.test.ts.",
    ],
  };
}
