import { airtable } from "./airtable.ts";
import { asana } from "./asana.ts";
import { betterStack } from "./better-stack.ts";
import { datadogEvents } from "./datadog-events.ts";
import { elastic } from "./elastic.ts";
import { firehydrant } from "./firehydrant.ts";
import { freshservice } from "./freshservice.ts";
import { githubIssues } from "./github-issues.ts";
import { gitlabIssues } from "./gitlab-issues.ts";
import { googleDrive } from "./google-drive.ts";
import { googleSheets } from "./google-sheets.ts";
import { grafanaOncall } from "./grafana-oncall.ts";
import { ilert } from "./ilert.ts";
import { incidentIo } from "./incident-io.ts";
import { jira } from "./jira.ts";
import { linear } from "./linear.ts";
import { loki } from "./loki.ts";
import { mailgun } from "./mailgun.ts";
import { make } from "./make.ts";
import { matrix } from "./matrix.ts";
import { mattermost } from "./mattermost.ts";
import { microsoftGraphMail } from "./microsoft-graph-mail.ts";
import { n8n } from "./n8n.ts";
import { newRelicEvents } from "./new-relic-events.ts";
import { notion } from "./notion.ts";
import { ntfy } from "./ntfy.ts";
import { postmark } from "./postmark.ts";
import { pushover } from "./pushover.ts";
import { resend } from "./resend.ts";
import { rocketChat } from "./rocket-chat.ts";
import { rootly } from "./rootly.ts";
import { sendgrid } from "./sendgrid.ts";
import { servicenow } from "./servicenow.ts";
import { splunkHec } from "./splunk-hec.ts";
import { splunkOnCall } from "./splunk-on-call.ts";
import { squadcast } from "./squadcast.ts";
import { trello } from "./trello.ts";
import { twilioSms } from "./twilio-sms.ts";
import { vonage } from "./vonage.ts";
import { webex } from "./webex.ts";
import { xmatters } from "./xmatters.ts";
import { zendesk } from "./zendesk.ts";
import { zenduty } from "./zenduty.ts";
import { zoomChat } from "./zoom-chat.ts";
import { zulip } from "./zulip.ts";
import type { PresetData } from "../data/preset-data.ts";

/** The presets that are data, by name. */
export const CATALOGUE = {
  airtable,
  asana,
  "better-stack": betterStack,
  "datadog-events": datadogEvents,
  elastic,
  firehydrant,
  freshservice,
  "github-issues": githubIssues,
  "gitlab-issues": gitlabIssues,
  "google-drive": googleDrive,
  "google-sheets": googleSheets,
  "grafana-oncall": grafanaOncall,
  ilert,
  "incident-io": incidentIo,
  jira,
  linear,
  loki,
  mailgun,
  make,
  matrix,
  mattermost,
  "microsoft-graph-mail": microsoftGraphMail,
  n8n,
  "new-relic-events": newRelicEvents,
  notion,
  ntfy,
  postmark,
  pushover,
  resend,
  "rocket-chat": rocketChat,
  rootly,
  sendgrid,
  servicenow,
  "splunk-hec": splunkHec,
  "splunk-on-call": splunkOnCall,
  squadcast,
  trello,
  "twilio-sms": twilioSms,
  vonage,
  webex,
  xmatters,
  zendesk,
  zenduty,
  "zoom-chat": zoomChat,
  zulip,
} as const satisfies Record<string, PresetData>;
