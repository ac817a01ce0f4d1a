import type { Integration, IntegrationAuthInput, IntegrationCreation, RuleSetList } from "../../client/index.ts";
import { quote } from "../events/curl.ts";

/** One kind of sender that an integration can be created for. */
export type Sender = {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly creation: Pick<IntegrationCreation, "type" | "options">;
};

const TYPES = [
  { type: "catch", title: "Any webhook", detail: "Every request, delivered as it was received" },
  { type: "pagertree", title: "PagerTree-style webhook", detail: "Tools that post to PagerTree, and your own scripts" },
  { type: "backtrace", title: "Backtrace", detail: "Groups of crashes" },
  { type: "retrace", title: "Stackify Retrace", detail: "Alerts and errors" },
  { type: "thousandeyes", title: "Cisco ThousandEyes", detail: "Alert and agent notifications" },
] as const satisfies readonly (Pick<IntegrationCreation, "type"> & { title: string; detail: string })[];

/** Returns all senders: the types of integrations, then the ready-made rule sets. */
export function sendersOf(ruleSets: RuleSetList["data"]): readonly Sender[] {
  return [
    ...TYPES.map(({ type, title, detail }) => ({ id: type, title, detail, creation: { type } })),
    ...ruleSets.map(({ name, title, category }) => ({
      id: `rules:${name}`,
      title,
      detail: category,
      creation: { type: "rules" as const, options: { rule_set: name } },
    })),
  ];
}

/** Returns the senders whose title, name or detail contains a text. */
export function searchSenders(senders: readonly Sender[], text: string): readonly Sender[] {
  const wanted = text.trim().toLowerCase();
  return senders.filter(({ id, title, detail }) => `${id} ${title} ${detail}`.toLowerCase().includes(wanted));
}

export const AUTH_TYPES = [
  { value: "none", label: "None: the URL is the secret" },
  { value: "token", label: "Token in a header" },
  { value: "bearer", label: "Bearer token" },
  { value: "basic", label: "User name and password" },
] as const satisfies readonly { readonly value: IntegrationAuthInput["type"]; readonly label: string }[];

export type AuthType = (typeof AUTH_TYPES)[number]["value"];

/** Returns the credential that a new integration shows once; null without one. */
export function credentialOf({ auth }: Integration): { readonly name: string; readonly value: string } | null {
  switch (auth.type) {
    case "none":
      return null;
    case "token":
    case "bearer":
      return auth.token === undefined ? null : { name: "Token", value: auth.token };
    case "basic":
      return auth.password === undefined ? null : { name: "Password", value: auth.password };
    case "signature":
      return auth.secret === undefined ? null : { name: "Signing secret", value: auth.secret };
  }
}

function credentialArguments({ auth }: Integration): readonly string[] {
  switch (auth.type) {
    case "none":
    case "signature":
      return [];
    case "token":
      return [`-H ${quote(`${auth.header}: ${auth.token ?? "YOUR-TOKEN"}`)}`];
    case "bearer":
      return [`-H ${quote(`authorization: Bearer ${auth.token ?? "YOUR-TOKEN"}`)}`];
    case "basic":
      return [`-u ${quote(`${auth.username}:${auth.password ?? "YOUR-PASSWORD"}`)}`];
  }
}

/** Returns the command that posts a first webhook; null if only the vendor can send one. */
export function firstWebhook(integration: Integration): string | null {
  const bodies: Readonly<Record<string, object>> = {
    catch: { hello: "world" },
    pagertree: { event_type: "create", Id: "first", Title: "The first alert" },
  };
  const body = bodies[integration.type];
  if (body === undefined) return null;
  return [
    `curl -sS ${quote(integration.url)}`,
    ...credentialArguments(integration),
    "-H 'content-type: application/json'",
    `--data-raw ${quote(JSON.stringify(body))}`,
  ].join(" \\\n  ");
}
