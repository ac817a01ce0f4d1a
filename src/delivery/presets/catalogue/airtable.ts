import { type PresetData, text } from "../data/preset-data.ts";
import { bearer, idOption, nameOption, onHost } from "./parts.ts";

/** https://airtable.com/developers/web/api/update-multiple-records */
export const airtable: PresetData = {
  title: "Airtable",
  category: "documents",
  summary: "Keeps one record for each alert.",
  source: "https://airtable.com/developers/web/api/update-multiple-records",
  steps: [
    "Open https://airtable.com/create/tokens and create a token with the scope `data.records:write` for the base.",
    "Use the token as the bearer token of `auth`.",
    "The table needs the text fields *Key*, *Title*, *Description*, *Status*, *Urgency*, *Link*, *Event* and *Time*.",
  ],
  address: onHost(["api.airtable.com"], "https://api.airtable.com"),
  auth: bearer("`bearer` with a personal access token."),
  options: {
    base_id: idOption("the id of the base", "appA1b2C3d4E5f6G7"),
    table: nameOption("the id or the name of the table", "Alerts"),
  },
  requests: {
    any: {
      // Merges on the key, so that an alert has one record and a repeated request changes nothing.
      method: "PATCH",
      path: "/v0/{options.base_id}/{options.table}",
      body: {
        performUpsert: { fieldsToMergeOn: ["Key"] },
        typecast: true,
        records: [
          {
            fields: {
              Key: text("{dedup_key}", 255),
              Title: text("{title}", 1_000),
              Description: text("{description}", 50_000, { is_kept: true }),
              Status: text("{headline}", 100),
              Urgency: text("{urgency}", 20),
              Link: text("{link}", 2_000, { is_kept: true }),
              Event: text("{event_id}", 100),
              Time: text("{timestamp}", 40),
            },
          },
        ],
      },
    },
  },
};
