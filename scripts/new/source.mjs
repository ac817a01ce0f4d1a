import { addToRegistry, addToTable } from "./edits.mjs";

/**
 * A source of alerts that a JSON map opens or closes.
 * @param {import("./names.mjs").Names} names
 * @returns {import("./plan.mjs").Plan}
 */
export function source({ name, constant, title }) {
  const opened = '{"event":"opened","id":"17","title":"Disk full","severity":"high"}';
  const closed = '{"event":"closed","id":"17"}';
  return {
    reserves: [`src/sources/${name}`],
    files: {
      [`src/sources/${name}/${name}.ts`]: `import * as z from "zod/mini";
import type { AlertFields } from "../../model/alert.ts";
import type { Signal } from "../../model/event.ts";
import type { TemplateOptions } from "../../model/integration.ts";
import { type JsonObject, memberOf } from "../../model/json.ts";
import { fail, ok } from "../../model/result.ts";
import { commonOptions, finishAlert, prepareText } from "../reading/alert-text.ts";
import { urgencyIn } from "../reading/alert-values.ts";
import { idOf, readJsonMap } from "../reading/json-body.ts";
import { firstOf, linkDatum, textOf } from "../reading/wording.ts";
import { type Interpreter, defineSource } from "../source.ts";

function alertFieldsOf(fields: JsonObject): AlertFields {
  const textAt = (name: string): string => textOf(memberOf(fields, name));
  return {
    title: firstOf(textAt("title"), "${title} alert"),
    description: textAt("description"),
    urgency: urgencyIn(textAt("severity")),
    tags: [],
    meta: {},
    incident: null,
    additional_data: linkDatum("Link", textAt("url")),
  };
}

function prepare(options: TemplateOptions): Interpreter {
  const write = prepareText(options);
  return (request, { integration }) => {
    const read = readJsonMap(request);
    if (!read.ok) return read;
    const { body, section } = read.value;
    const id = idOf(section, "id");
    if (!id.ok) return fail([{ path: "id", message: id.error }]);
    if (id.value === null) return fail([{ path: "id", message: "is required to identify the alert" }]);
    const subject = { namespace: integration.id, key: id.value };
    const signalOf = (event: string): Signal => {
      switch (event) {
        case "opened":
          return {
            action: "create",
            ...subject,
            ...finishAlert(alertFieldsOf(section.fields), write(integration, body.exact), request),
          };
        case "closed":
          return { action: "resolve", ...subject, note: null };
        default:
          return { action: "ignore", note: "The event is not opened or closed." };
      }
    };
    const signal = signalOf(textOf(memberOf(section.fields, "event")));
    const payload = { payload: body.payload, payload_is_body: body.payload_is_body };
    return ok([{ signal, kind: "alert", ...payload, provider_event_id: null }]);
  };
}

/** The webhook of ${title}. */
export const ${constant} = defineSource({
  methods: ["POST"],
  options: () => z.strictObject(commonOptions()),
  prepare,
});
`,
      [`test/fixtures/sources/${name}.ts`]: `import type { SourceFixture } from "../../support/source-fixture.ts";

export const fixture: SourceFixture = {
  options: [{}, { title_template: "{{ data.title | upcase }}" }],
  requests: [
    {
      name: "an opened alert",
      body: '${opened}',
      expected: { action: "create", kind: "alert", key: "17", urgency: "high", title: "Disk full" },
    },
    {
      name: "a closed alert",
      body: '${closed}',
      expected: { action: "resolve", kind: "alert", key: "17" },
    },
    {
      name: "an unknown event",
      body: '{"event":"commented","id":"17"}',
      expected: { action: "ignore", kind: "alert" },
    },
  ],
};
`,
      [`test/sources/${name}/${name}.test.ts`]: `import { describe, expect, it } from "vitest";
import { errorsOf, eventOf, openingOf } from "../../support/sources.ts";

describe("an alert of ${title}", () => {
  it("is opened with what the sender says, and closed under the same key", () => {
    const { key, fields } = openingOf("${name}", ${opened});
    expect(fields).toMatchObject({ title: "Disk full", urgency: "high" });
    expect(eventOf("${name}", ${closed}).signal).toMatchObject({ action: "resolve", key });
  });

  it("has a title, whatever is left out", () => {
    expect(openingOf("${name}", { event: "opened", id: 17 }).fields.title).toBe("${title} alert");
  });

  it("is refused without an id", () => {
    expect(errorsOf("${name}", { event: "opened" }).map(({ path }) => path)).toEqual(["id"]);
  });
});
`,
      [`docs/sources/${name}.md`]: `# ${title} (\`type: "${name}"\`)

## Set up

\`\`\`sh
curl -sS "$HOOKGATE_URL/api/v1/integrations" -H "authorization: Bearer $HOOKGATE_TOKEN" -H 'content-type: application/json' \\
  -d '{"name":"${title}","type":"${name}"}'
\`\`\`

In ${title}, enter the integration's \`url\` as the address of a webhook.

## Fields

| alert | from |
| --- | --- |
| key | \`id\` |
| title | \`title\` |
| description | \`description\` |
| urgency | \`severity\` |
| link | \`url\` |

## Events

| the sender sends | outcome |
| --- | --- |
| \`event: opened\` | opens an alert; counted in \`dedup_count\` while it is open |
| \`event: closed\` | resolves it |
| any other event | is ignored, with a note |
`,
    },
    edits: [
      {
        path: "src/sources/registry.ts",
        edit: addToRegistry("export const SOURCES = {", { constant, key: name, module: `./${name}/${name}.ts` }),
      },
      {
        path: "docs/sources/README.md",
        edit: addToTable("| type | for |", `| [\`${name}\`](${name}.md) | ${title}: alerts |`),
      },
    ],
    steps: [
      `Interpret the vendor's requests in src/sources/${name}/${name}.ts, and link its documentation.`,
      `Put requests that the vendor documents into test/fixtures/sources/${name}.ts.`,
      `Test in test/sources/${name}/${name}.test.ts what is easily got wrong: missing fields, repeats, odd types.`,
      `Correct docs/sources/${name}.md and its row in docs/sources/README.md.`,
      "Run npm run openapi, npm run client and npm run check.",
      "Run npm test -- test/sources test/contract/sources.test.ts.",
    ],
  };
}
