import type { Integration, IntegrationAuth } from "../../client/index.ts";
import { quote } from "../events/curl.ts";

/** A body that each type understands. A rule set reads the format of its vendor, so it ignores this one and says so. */
const BODIES: Readonly<Record<string, object>> = {
  backtrace: { universe: "example", project: "shop", fingerprint: "first", application: "A first crash" },
  catch: { hello: "world" },
  pagertree: { event_type: "create", Id: "first", Title: "The first alert" },
  retrace: { EventType: 1, AlertGroupId: 1, MonitorId: 1, DeviceId: 1, Name: "The first alert", DeviceName: "example" },
  rules: { hello: "world" },
  thousandeyes: {
    eventType: "ALERT_NOTIFICATION_TRIGGER",
    eventId: "first",
    alert: { alertId: 1, ruleName: "The first alert", testName: "example" },
  },
};

/** Returns the body of a first webhook to an integration of this type, as JSON. */
function firstBody(type: string): string {
  return JSON.stringify(BODIES[type] ?? BODIES["catch"]);
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

type Addressed = Pick<Integration, "type" | "url" | "auth">;

/** Returns a first webhook; null if its credential is not known here. */
export function firstRequest({ type, url, auth }: Addressed): FirstRequest | null {
  const credentials = credentialHeaders(auth);
  if (credentials === null) return null;
  return { url, headers: { ...credentials, "content-type": "application/json" }, body: firstBody(type) };
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
export function firstWebhook({ type, url, auth }: Addressed): string | null {
  const credential = credentialArguments(auth);
  if (credential === null) return null;
  return [
    `curl -sS ${quote(url)}`,
    ...credential,
    "-H 'content-type: application/json'",
    `--data-raw ${quote(firstBody(type))}`,
  ].join(" \\\n  ");
}
