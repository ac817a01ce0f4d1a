import { type PresetData, each, jsonText, text } from "../data/preset-data.ts";
import { idOption, oauth, onHost } from "./parts.ts";

/** https://developers.google.com/workspace/drive/api/guides/manage-uploads#multipart */
export const googleDrive: PresetData = {
  title: "Google Drive",
  category: "documents",
  summary: "Uploads a text document for each message.",
  source: "https://developers.google.com/workspace/drive/api/guides/manage-uploads#multipart",
  steps: [
    "In the Google Cloud console, enable the *Google Drive API* and create an OAuth client of the type *Web application*.",
    "Enter the gateway's `/oauth/callback` as its redirect URI.",
    "`auth` needs `auth_url` `https://accounts.google.com/o/oauth2/v2/auth?access_type=offline&prompt=consent`, `token_url` `https://oauth2.googleapis.com/token` and the scope `https://www.googleapis.com/auth/drive.file`.",
    "The folder's id is the last part of its address. Without a folder, documents are in *My Drive*. With the scope `drive.file`, the folder must be one that the same OAuth client created; another folder needs the scope `https://www.googleapis.com/auth/drive`.",
  ],
  address: onHost(["www.googleapis.com"], "https://www.googleapis.com"),
  auth: oauth("`oauth2_authorization_code` with an OAuth client of Google."),
  options: { folder_id: idOption("the id of the folder", "1dyUEebJaFnWa3Z4n0BFMVAXQ7mfUH11g", {}) },
  requests: {
    any: {
      path: "/upload/drive/v3/files",
      query: { uploadType: "multipart", supportsAllDrives: "true" },
      format: "related",
      parts: [
        {
          content_type: "application/json; charset=UTF-8",
          value: jsonText({
            name: text("{timestamp} {title}", 200),
            mimeType: "text/plain",
            description: text("{headline}, event {event_id}", 200),
            parents: each("options.folder_id", 1, text("{part}", 200)),
          }),
        },
        {
          content_type: "text/plain; charset=UTF-8",
          value: text(
            "{headline}: {title}\n\n{link}\n\n{facts}\n\n{description}\n\nEvent {event_id}, {timestamp}",
            500_000,
          ),
        },
      ],
    },
  },
};
