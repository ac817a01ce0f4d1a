import { type PresetData, text } from "../data/preset-data.ts";
import { idOption, nameOption, oauth, onHost } from "./parts.ts";

/** A cell has at most 50,000 characters. */
const MAX_CELL = 50_000;

/** https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets.values/append */
export const googleSheets: PresetData = {
  title: "Google Sheets",
  category: "documents",
  summary: "Appends a row to a sheet for each message.",
  source: "https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets.values/append",
  steps: [
    "In the Google Cloud console, enable the *Google Sheets API* and create an OAuth client of the type *Web application*.",
    "Enter the gateway's `/oauth/callback` as its redirect URI.",
    "`auth` needs `auth_url` `https://accounts.google.com/o/oauth2/v2/auth?access_type=offline&prompt=consent`, `token_url` `https://oauth2.googleapis.com/token` and the scope `https://www.googleapis.com/auth/spreadsheets`.",
    "The spreadsheet's id is the long part of its address.",
  ],
  address: onHost(["sheets.googleapis.com"], "https://sheets.googleapis.com"),
  auth: oauth("`oauth2_authorization_code` with an OAuth client of Google."),
  options: {
    spreadsheet_id: idOption("the id of the spreadsheet", "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"),
    sheet: nameOption("the name of the sheet", "Alerts"),
  },
  requests: {
    any: {
      path: "/v4/spreadsheets/{options.spreadsheet_id}/values/{options.sheet}:append",
      // Raw: a text that begins with `=` is no formula.
      query: { valueInputOption: "RAW", insertDataOption: "INSERT_ROWS" },
      body: {
        majorDimension: "ROWS",
        values: [
          ["{timestamp}", "{headline}", "{title}", "{urgency}", "{key}", "{link}", "{description}", "{event_id}"].map(
            (pattern) => text(pattern, MAX_CELL, { is_kept: true }),
          ),
        ],
      },
    },
  },
};
