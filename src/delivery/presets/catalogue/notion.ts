import { type PresetData, type Tree, option, text, when } from "../data/preset-data.ts";
import { bearer, idOption, onHost } from "./parts.ts";

/** Notion takes texts of at most 2,000 characters. */
const MAX_TEXT = 2_000;

function richText(pattern: string): Tree {
  return [{ type: "text", text: { content: text(pattern, MAX_TEXT) } }];
}

function paragraph(pattern: string): Tree {
  return { object: "block", type: "paragraph", paragraph: { rich_text: richText(pattern) } };
}

/** https://developers.notion.com/reference/post-page */
export const notion: PresetData = {
  title: "Notion",
  category: "documents",
  summary: "Adds a page to a database for each message.",
  source: "https://developers.notion.com/reference/post-page",
  steps: [
    "Open https://www.notion.so/profile/integrations and select *New integration*.",
    "Open the database, select *••• > Connections*, and add the integration.",
    "Use the integration's secret as the bearer token of `auth`. The database's id is the 32 characters in its address.",
  ],
  address: onHost(["api.notion.com"], "https://api.notion.com"),
  auth: bearer("`bearer` with the secret of an integration."),
  options: { database_id: idOption("the id of the database", "d9824bdc84454327be8b5b47500af6ce") },
  headers: { "notion-version": "2022-06-28" },
  requests: {
    any: {
      path: "/v1/pages",
      body: {
        parent: { database_id: option("database_id") },
        // `title` is the id of a database's title, whatever its name.
        properties: { title: { title: richText("[{headline}] {title}") } },
        children: [
          when("link", paragraph("{link}")),
          when("description", paragraph("{description}")),
          when("facts", paragraph("{facts}")),
          paragraph("Event {event_id}, {timestamp}"),
        ],
      },
    },
  },
};
