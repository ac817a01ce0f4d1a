import { type PresetData, MESSAGE, each, text } from "../data/preset-data.ts";
import { mailOption, mailsOption, oauth, onHost } from "./parts.ts";

/** https://learn.microsoft.com/graph/api/user-sendmail */
export const microsoftGraphMail: PresetData = {
  title: "Microsoft Graph mail",
  category: "messages",
  summary: "Sends a mail from a mailbox of Microsoft 365.",
  source: "https://learn.microsoft.com/graph/api/user-sendmail",
  steps: [
    "In the Microsoft Entra admin center, open *App registrations* and select *New registration*.",
    "Add the application permission `Mail.Send` of Microsoft Graph, and grant admin consent.",
    "Create a client secret under *Certificates & secrets*.",
    "`auth` needs `token_url` `https://login.microsoftonline.com/TENANT/oauth2/v2.0/token` and the scope `https://graph.microsoft.com/.default`.",
  ],
  address: onHost(
    ["graph.microsoft.com", "graph.microsoft.us", "microsoftgraph.chinacloudapi.cn"],
    "https://graph.microsoft.com",
  ),
  auth: oauth("`oauth2_client_credentials` with an app registration."),
  options: {
    from: mailOption("the mailbox that sends", "gateway@example.com"),
    to: mailsOption("the recipients", "ops@example.com, lead@example.com"),
  },
  requests: {
    any: {
      path: "/v1.0/users/{options.from}/sendMail",
      body: {
        message: {
          subject: text("[{headline}] {title}", 255),
          body: { contentType: "Text", content: text(`${MESSAGE}\n\nEvent {event_id}`, 100_000) },
          toRecipients: each("options.to", 10, { emailAddress: { address: text("{part}", 320) } }),
        },
        saveToSentItems: false,
      },
    },
  },
};
