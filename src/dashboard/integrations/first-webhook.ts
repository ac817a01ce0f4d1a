import type { Integration, IntegrationAuth } from "../../client/index.ts";
import { quote } from "../events/curl.ts";
import { kindOf } from "./senders.ts";

const LABELLED_ALERT = {
  version: "4",
  status: "firing",
  alerts: [
    {
      status: "firing",
      fingerprint: "first",
      labels: { alertname: "FirstAlert", instance: "example", severity: "warning" },
      annotations: { summary: "The first alert" },
    },
  ],
};

/** A body that an integration of this type, or with this rule set, understands. */
const BODIES: Readonly<Record<string, object>> = {
  alertmanager: LABELLED_ALERT,
  backtrace: { universe: "example", project: "shop", fingerprint: "first", application: "A first crash" },
  catch: { hello: "world" },
  grafana: LABELLED_ALERT,
  pagertree: { event_type: "create", Id: "first", Title: "The first alert" },
  retrace: { EventType: 1, AlertGroupId: 1, MonitorId: 1, DeviceId: 1, Name: "The first alert", DeviceName: "example" },
  thousandeyes: {
    eventType: "ALERT_NOTIFICATION_TRIGGER",
    eventId: "first",
    alert: { alertId: 1, ruleName: "The first alert", testName: "example" },
  },
  uptimekuma: {
    heartbeat: { monitorID: 1, status: 0, msg: "No response" },
    monitor: { id: 1, name: "The first alert" },
  },
};
/** What is sent to all others. Their rules ignore it. */
const UNKNOWN_BODY = { hello: "world" };

type Kind = Pick<Integration, "type" | "options">;

/** Whether the integration understands the body of the first webhook. If not, it arrives and is ignored. */
export function isUnderstood(integration: Kind): boolean {
  return Object.hasOwn(BODIES, kindOf(integration));
}

/** Returns the body of a first webhook to an integration, as JSON. */
function firstBody(integration: Kind): string {
  return JSON.stringify(isUnderstood(integration) ? BODIES[kindOf(integration)] : UNKNOWN_BODY);
}

/** A request that a sender could send. */
export type FirstRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Returns the headers with the credentials; null if a secret is not known, or only the sender can sign. */
function credentialHeaders(auth: IntegrationAuth): Readonly<Record<string, string>> | null {
  switch (auth.type) {
    case "none":
      return {};
    case "token":
      return auth.token === undefined ? null : { [auth.header]: auth.token };
    case "bearer":
      return auth.token === undefined ? null : { authorization: `Bearer ${auth.token}` };
    case "basic": {
      if (auth.password === undefined) return null;
      const bytes = new TextEncoder().encode(`${auth.username}:${auth.password}`);
      return { authorization: `Basic ${btoa(String.fromCodePoint(...bytes))}` };
    }
    case "signature":
      return null;
  }
}

type Addressed = Pick<Integration, "type" | "options" | "url" | "auth">;

/** Returns a first webhook; null if its credential is not known here. */
export function firstRequest(integration: Addressed): FirstRequest | null {
  const { url, auth } = integration;
  const credentials = credentialHeaders(auth);
  if (credentials === null) return null;
  return { url, headers: { ...credentials, "content-type": "application/json" }, body: firstBody(integration) };
}

function credentialArguments(auth: IntegrationAuth): readonly string[] | null {
  switch (auth.type) {
    case "none":
      return [];
    case "token":
      return [`-H ${quote(`${auth.header}: ${auth.token ?? "YOUR-TOKEN"}`)}`];
    case "bearer":
      return [`-H ${quote(`authorization: Bearer ${auth.token ?? "YOUR-TOKEN"}`)}`];
    case "basic":
      return [`-u ${quote(`${auth.username}:${auth.password ?? "YOUR-PASSWORD"}`)}`];
    case "signature":
      return null;
  }
}

/** Returns the command that posts a first webhook; null if only the sender can sign one. */
export function firstWebhook(integration: Addressed): string | null {
  const { url, auth } = integration;
  const credential = credentialArguments(auth);
  if (credential === null) return null;
  return [
    `curl -sS ${quote(url)}`,
    ...credential,
    "-H 'content-type: application/json'",
    `--data-raw ${quote(firstBody(integration))}`,
  ].join(" \\\n  ");
}
