import type { Json, JsonObject } from "../../client/index.ts";
import { isObject } from "../rows.ts";
import { Draft, nameFrom } from "./draft.ts";
import { Fields, wrongShape } from "./fields.ts";
import { headersFrom } from "./headers.ts";
import { type Saved, itemsOf } from "./lists.ts";
import type { Notes } from "./notes.ts";

// Svix's API, https://api.svix.com/docs: an application is an integration, to which your server posts the messages that it posts to
// Svix now, and an endpoint is a destination with a route.

const PAYLOAD = {
  mode: "template",
  content_type: "application/json",
  body: "{{ data.event.payload.payload | json }}",
} as const;
const OWN_FIELDS: ReadonlySet<string> = new Set(["id", "createdAt", "updatedAt", "object", "version", "appId"]);
const MAX_RATE = 100_000;
const SECRET_BYTES = { from: 24, to: 64 } as const;

/** The saved responses, by what they are about. */
type Parts = {
  readonly applications: Fields[];
  /** Each with the id or uid of its application, if the file says it. */
  readonly endpoints: { readonly application: string | undefined; readonly endpoint: Fields }[];
  readonly eventTypes: Fields[];
  readonly headers: Map<string, Fields>;
  readonly secrets: Map<string, Fields>;
  readonly transformations: Map<string, Fields>;
};

function whyLeft(name: string): string {
  if (OWN_FIELDS.has(name)) return "Svix's own.";
  if (name === "metadata") return "Hookgate has no metadata of integrations and destinations.";
  return "Hookgate has no such field.";
}

function addItem(parts: Parts, item: Fields, application?: string): void {
  if (item.has("url")) parts.endpoints.push({ application: application ?? item.text("appId"), endpoint: item });
  else if (item.has("schemas") || item.has("deprecated") || item.has("archived")) parts.eventTypes.push(item);
  else if (item.has("name")) parts.applications.push(item);
  else throw wrongShape(item.at, "an application, an endpoint or an event type of Svix");
}

function addEndpoints(parts: Parts, value: Json, at: string, notes: Notes): void {
  const items = itemsOf(value, at, notes);
  for (const item of items ?? []) addItem(parts, item);
  if (items !== null || !isObject(value)) return;
  for (const [application, list] of Object.entries(value)) {
    const place = `${at}.${application}`;
    const own = itemsOf(list, place, notes);
    if (own === null) throw wrongShape(place, "a list of endpoints");
    for (const item of own) addItem(parts, item, application);
  }
}

function addMap(into: Map<string, Fields>, value: Json, at: string): void {
  if (!isObject(value)) throw wrongShape(at, "an object with the ids of endpoints");
  for (const [id, item] of Object.entries(value)) into.set(id, new Fields(`${at}.${id}`, item));
}

function addPart(parts: Parts, name: string, value: Json, at: string, notes: Notes): void {
  switch (name) {
    case "applications":
    case "event_types":
    case "eventTypes": {
      const items = itemsOf(value, at, notes);
      if (items === null) throw wrongShape(at, "a list");
      if (name === "applications") parts.applications.push(...items);
      else parts.eventTypes.push(...items);
      return;
    }
    case "endpoints":
      addEndpoints(parts, value, at, notes);
      return;
    case "headers":
      addMap(parts.headers, value, at);
      return;
    case "secrets":
      addMap(parts.secrets, value, at);
      return;
    case "transformations":
      addMap(parts.transformations, value, at);
      return;
    default:
      notes.left(at, name, whyLeft(name));
  }
}

function partsOf(saved: readonly Saved[], notes: Notes): Parts {
  const parts: Parts = {
    applications: [],
    endpoints: [],
    eventTypes: [],
    headers: new Map(),
    secrets: new Map(),
    transformations: new Map(),
  };
  for (const { name, value } of saved) {
    const items = itemsOf(value, name, notes);
    if (items !== null) for (const item of items) addItem(parts, item);
    else if (isObject(value)) {
      const isItem = typeof value["url"] === "string" || typeof value["name"] === "string";
      if (isItem) addItem(parts, new Fields(name, value));
      else for (const [part, own] of Object.entries(value)) addPart(parts, part, own, `${name}: ${part}`, notes);
    }
  }
  return parts;
}

/** A secret as the gateway takes it: `whsec_` and padded base64; null if it is another key. */
function secretFrom(text: string): string | null {
  if (/^wh[sp]k1?_/.test(text)) return null;
  const bytes = Buffer.from(text.replace(/^whsec_/, ""), "base64");
  if (bytes.length < SECRET_BYTES.from || bytes.length > SECRET_BYTES.to) return null;
  return `whsec_${bytes.toString("base64")}`;
}

function signingFrom(draft: Draft, notes: Notes, subject: string, key: string, given: string | undefined): JsonObject {
  const scheme = "standard-webhooks";
  if (given === undefined) {
    const secret = draft.secret("destination", key, "signing_secret", undefined);
    notes.left(
      subject,
      "secret",
      "it is not in the file. Give it as the variable below, or the gateway makes a new one.",
    );
    return { scheme, secret };
  }
  const known = secretFrom(given);
  if (known !== null) return { scheme, secret: draft.secret("destination", key, "signing_secret", known) };
  const why = "it is no symmetric key of 24 to 64 bytes. The gateway makes a new one, which the receiver needs.";
  notes.left(subject, "secret", why);
  return { scheme };
}

function rateFrom(endpoint: Fields, notes: Notes, subject: string): JsonObject {
  const [throttle, older] = [endpoint.number("throttleRate"), endpoint.number("rateLimit")];
  const rate = throttle ?? older;
  if (rate === undefined || rate === 0) return {};
  const requests = Math.min(MAX_RATE, Math.max(1, Math.floor(rate)));
  if (requests !== rate)
    notes.changed(subject, "throttleRate", `it is ${requests} a second, the nearest that there is.`);
  return { rate_limit: { requests, period_seconds: 1 } };
}

function matchFrom(endpoint: Fields): JsonObject | null {
  const [older, newer] = [endpoint.texts("filterTypes"), endpoint.texts("eventTypes")];
  const types = older.length > 0 ? older : newer;
  const channels = endpoint.texts("channels");
  const match = {
    ...(types.length === 0 ? {} : { "data.event.payload.eventType": { $in: [...types] } }),
    ...(channels.length === 0 ? {} : { "data.event.payload.channels": { $in: [...channels] } }),
  };
  return Object.keys(match).length === 0 ? null : match;
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

/** Whether a transformation changes what an endpoint receives. Hookgate does not run it. */
function isTransformed(transformation: Fields | undefined, notes: Notes, subject: string): boolean {
  if (transformation?.text("code") === undefined || transformation.get("enabled") === false) return false;
  notes.left(
    subject,
    "transformation",
    "Hookgate does not run it, so the route is disabled. Write a payload template.",
  );
  return true;
}

function addEndpoint(draft: Draft, notes: Notes, parts: Parts, endpoint: Fields, integration: string): void {
  const url = endpoint.required("url");
  const [id, uid, description] = [endpoint.text("id"), endpoint.text("uid"), endpoint.text("description")];
  const key = draft.key("destinations", uid ?? id ?? hostOf(url));
  const subject = `endpoint ${uid ?? id ?? key}`;
  const of = (map: ReadonlyMap<string, Fields>) => map.get(id ?? "") ?? map.get(uid ?? "");
  const saved = of(parts.headers);
  const headers = headersFrom(
    draft,
    notes,
    subject,
    key,
    new Map([...endpoint.map("headers"), ...(saved?.map("headers") ?? [])]),
    saved?.texts("sensitive") ?? [],
  );
  const secret = of(parts.secrets)?.text("key") ?? endpoint.text("secret");
  const isOff = endpoint.flag("disabled");
  const transformed = isTransformed(of(parts.transformations), notes, subject);
  const match = matchFrom(endpoint);
  draft.set("destinations", key, {
    name: nameFrom(description, hostOf(url)),
    url,
    ...(isOff ? { enabled: false } : {}),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    signing: signingFrom(draft, notes, subject, key, secret),
    payload: PAYLOAD,
    ...rateFrom(endpoint, notes, subject),
  });
  draft.set("routes", draft.key("routes", key), {
    name: nameFrom(`To ${nameFrom(description, hostOf(url))}`),
    ...(transformed ? { enabled: false } : {}),
    integrations: [integration],
    destinations: [key],
    ...(match === null ? {} : { match }),
  });
  endpoint.rest(notes, subject, whyLeft);
}

/** Adds an integration and returns its key. Senders authenticate with a token, as they do at Svix. */
function addIntegration(draft: Draft, wanted: string, name: string): string {
  const key = draft.key("integrations", wanted);
  draft.set("integrations", key, {
    name,
    type: "catch",
    options: { fan_out: false },
    auth: { type: "bearer", token: draft.secret("integration", key, "token", undefined) },
  });
  return key;
}

/** Makes a configuration of saved responses of Svix's API. */
export function importSvix(saved: readonly Saved[], notes: Notes): Draft {
  const draft = new Draft();
  const parts = partsOf(saved, notes);
  const integrations = new Map<string, string>();
  for (const application of parts.applications) {
    const [id, uid, name] = [application.text("id"), application.text("uid"), application.required("name")];
    const key = addIntegration(draft, uid ?? id ?? name, nameFrom(name));
    for (const known of [id, uid]) if (known !== undefined) integrations.set(known, key);
    const subject = `application ${uid ?? id ?? name}`;
    if (application.number("throttleRate") !== undefined) {
      notes.left(subject, "throttleRate", "a limit of an integration would refuse messages. Limit its destinations.");
    }
    application.rest(notes, subject, whyLeft);
  }
  const [only] = draft.keys("integrations").length === 1 ? integrations.values() : [];
  for (const { application = "", endpoint } of parts.endpoints) {
    const known = integrations.get(application) ?? (application === "" ? only : undefined);
    const key = known ?? addIntegration(draft, nameFrom(application, "svix"), nameFrom(application, "Svix"));
    integrations.set(application, key);
    addEndpoint(draft, notes, parts, endpoint, key);
  }
  for (const type of parts.eventTypes) {
    notes.left(
      `event type ${type.required("name")}`,
      "all of it",
      "Hookgate has no catalog of types. Routes name them.",
    );
  }
  return draft;
}
