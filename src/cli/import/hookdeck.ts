import type { JsonObject } from "../../client/index.ts";
import { isObject } from "../rows.ts";
import { Draft, nameFrom } from "./draft.ts";
import { Fields, wrongShape } from "./fields.ts";
import { httpDestination } from "./hookdeck-destination.ts";
import { type RouteRules, retrySchedule, rulesOf } from "./hookdeck-rules.ts";
import { sourceAuth } from "./hookdeck-source.ts";
import { type Saved, itemsOf } from "./lists.ts";
import type { Notes } from "./notes.ts";

// Hookdeck's API, https://hookdeck.com/docs/api: a source is an integration, a destination a destination, and a connection a route.

const OWN_FIELDS: ReadonlySet<string> = new Set([
  "id",
  "team_id",
  "created_at",
  "updated_at",
  "url",
  "full_name",
  "authenticated",
  "object",
]);
const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ["json", "application/json"],
  ["text", "text/plain"],
  ["xml", "application/xml"],
]);
/** The sender's headers that name the event, by the type of the source. Credentials are never forwarded. */
const EVENT_HEADERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["GITHUB", ["x-github-event", "x-github-delivery"]],
  ["GITLAB", ["x-gitlab-event", "x-gitlab-event-uuid"]],
  ["LINEAR", ["linear-event", "linear-delivery"]],
  ["SHOPIFY", ["x-shopify-topic", "x-shopify-shop-domain", "x-shopify-webhook-id", "x-shopify-api-version"]],
  ["WOOCOMMERCE", ["x-wc-webhook-topic", "x-wc-webhook-resource", "x-wc-webhook-event"]],
]);

type Parts = {
  readonly connections: Fields[];
  readonly sources: Fields[];
  readonly destinations: Fields[];
  readonly transformations: Fields[];
};
const PARTS = ["connections", "sources", "destinations", "transformations"] as const satisfies readonly (keyof Parts)[];

function whyLeft(name: string): string {
  return OWN_FIELDS.has(name) ? "Hookdeck's own." : "Hookgate has no such field.";
}

function kindOf(item: Fields): keyof Parts | null {
  const id = item.get("id");
  const prefix = typeof id === "string" ? id.slice(0, 4) : "";
  if (item.has("source") && item.has("destination")) return "connections";
  if (item.has("code")) return "transformations";
  if (prefix === "des_" || item.has("cli_path") || item.has("auth_method")) return "destinations";
  if (prefix === "src_" || item.has("authenticated") || item.has("verification")) return "sources";
  const config = item.get("config");
  if (isObject(config) && (config["url"] !== undefined || config["path"] !== undefined)) return "destinations";
  return item.has("type") && item.has("name") ? "sources" : null;
}

function addItems(parts: Parts, items: readonly Fields[]): void {
  for (const item of items) {
    const kind = kindOf(item);
    if (kind === null)
      throw wrongShape(item.at, "a connection, a source, a destination or a transformation of Hookdeck");
    parts[kind].push(item);
  }
}

function partsOf(saved: readonly Saved[], notes: Notes): Parts {
  const parts: Parts = { connections: [], sources: [], destinations: [], transformations: [] };
  for (const { name, value } of saved) {
    const items = itemsOf(value, name, notes);
    if (items !== null) addItems(parts, items);
    else if (isObject(value)) addObject(parts, name, value, notes);
  }
  return parts;
}

/** An object with lists by name, or one thing. */
function addObject(parts: Parts, name: string, value: JsonObject, notes: Notes): void {
  if (!PARTS.some((part) => value[part] !== undefined)) {
    addItems(parts, [new Fields(name, value)]);
    return;
  }
  for (const [part, own] of Object.entries(value)) {
    const kind = PARTS.find((each) => each === part);
    const at = `${name}: ${part}`;
    if (kind === undefined) notes.left(at, part, whyLeft(part));
    else {
      const items = itemsOf(own, at, notes);
      if (items === null) throw wrongShape(at, "a list");
      parts[kind].push(...items);
    }
  }
}

function responseFrom(config: Fields): JsonObject {
  const custom = config.object("custom_response");
  if (custom === undefined) return {};
  const type = CONTENT_TYPES.get(custom.text("content_type") ?? "json") ?? "application/json";
  return { response: { status: 200, headers: { "content-type": type }, body: custom.text("body") ?? "" } };
}

/** Adds a source and returns its key. */
function addSource(draft: Draft, notes: Notes, source: Fields): string {
  const name = source.required("name");
  const key = draft.key("integrations", name);
  const subject = `source ${name}`;
  const type = source.text("type") ?? "WEBHOOK";
  const config = source.object("config") ?? source;
  const earlier = source.object("verification");
  const credentials = earlier === undefined ? config.object("auth") : earlier.object("configs");
  const auth = credentials ?? new Fields(subject, {});
  const scheme = (earlier?.text("type") ?? config.text("auth_type") ?? type).toUpperCase();
  const isAuthenticated = source.flag("authenticated") || earlier !== undefined;
  const found = sourceAuth({ draft, notes, key, subject }, scheme, auth, isAuthenticated);
  if (found.why !== undefined) {
    notes.left(subject, `authentication ${scheme}`, `${found.why} The integration is disabled until it has one.`);
  }
  auth.rest(notes, subject, () => "Hookgate has no such field of an authentication.");
  const methods = config.texts("allowed_http_methods");
  if (methods.length > 0) notes.left(subject, "allowed_http_methods", "an integration accepts POST, PUT and GET.");
  const isOff = source.get("disabled_at") !== undefined || found.auth === null;
  draft.set("integrations", key, {
    name: nameFrom(name),
    type: "catch",
    ...(isOff ? { enabled: false } : {}),
    options: { fan_out: false },
    auth: found.auth ?? { type: "none" },
    ...responseFrom(config),
  });
  if (config !== source) config.rest(notes, subject, whyLeft);
  source.rest(notes, subject, whyLeft);
  return key;
}

/** Adds a destination and returns its key; null if there is no counterpart. */
function addDestination(
  draft: Draft,
  notes: Notes,
  destination: Fields,
  connections: readonly Fields[],
): string | null {
  const name = destination.required("name");
  const subject = `destination ${name}`;
  const config = destination.object("config") ?? destination;
  const type = destination.text("type") ?? (config.has("url") ? "HTTP" : "CLI");
  if (type !== "HTTP") {
    const why =
      type === "CLI" ? "use `hookgate listen` in its place." : "Hookgate has no destination that only records.";
    notes.left(subject, type, why);
    return null;
  }
  const key = draft.key("destinations", name);
  const { entry, isOff } = httpDestination({ draft, notes, key, subject }, config);
  const isDisabled = destination.get("disabled_at") !== undefined || isOff;
  draft.set("destinations", key, {
    name: nameFrom(name),
    ...(isDisabled ? { enabled: false } : {}),
    ...entry,
    ...additionsOf(connections, subject, notes),
  });
  if (config !== destination) config.rest(notes, subject, whyLeft);
  destination.rest(notes, subject, whyLeft);
  return key;
}

function idOf(thing: Fields): string {
  return thing.text("id") ?? thing.required("name");
}

function addRoute(
  draft: Draft,
  notes: Notes,
  connection: Fields,
  from: Fields,
  rules: RouteRules,
  keys: [string, string],
): void {
  const [integration, destination] = keys;
  const name = connection.text("name") ?? `${from.required("name")} to ${destination}`;
  const subject = `connection ${name}`;
  const isPaused = connection.get("paused_at") !== undefined;
  if (isPaused) notes.changed(subject, "paused_at", "the route is disabled. It does not keep events for later.");
  const isOff = rules.isOff || isPaused || connection.get("disabled_at") !== undefined;
  draft.set("routes", draft.key("routes", `${integration}-${connection.text("name") ?? destination}`), {
    name: nameFrom(name),
    ...(isOff ? { enabled: false } : {}),
    integrations: [integration],
    destinations: [destination],
    ...(rules.match === null ? {} : { match: rules.match }),
  });
  connection.rest(notes, subject, whyLeft);
}

/** What the connections of a destination say about it: the retries, and the headers that name their events. */
function additionsOf(own: readonly Fields[], subject: string, notes: Notes): JsonObject {
  const types = own.map((connection) => partOf(connection, "source").text("type") ?? "");
  const headers = [...new Set(types.flatMap((type) => EVENT_HEADERS.get(type.toUpperCase()) ?? []))];
  if (own.length > 0) {
    const has = headers.length === 0 ? "" : ` It has ${headers.join(", ")}.`;
    const why = `Hookdeck forwards all of them. Name those that the server needs in forward_headers.${has}`;
    notes.changed(subject, "headers of the sender", why);
  }
  const schedule = retrySchedule(own, notes, subject);
  return {
    ...(headers.length === 0 ? {} : { forward_headers: headers }),
    ...(schedule === null ? {} : { retry_schedule: schedule }),
  };
}

function partOf(connection: Fields, name: "source" | "destination"): Fields {
  const part = connection.object(name);
  if (part === undefined) throw wrongShape(connection.placeOf(name), "an object");
  return part;
}

/** Makes a configuration of saved responses of Hookdeck's API. */
export function importHookdeck(saved: readonly Saved[], notes: Notes): Draft {
  const draft = new Draft();
  const { connections, sources, destinations, transformations } = partsOf(saved, notes);
  const integrations = new Map<string, string>();
  const targets = new Map<string, string | null>();
  for (const source of [...sources, ...connections.map((connection) => partOf(connection, "source"))]) {
    const id = idOf(source);
    if (!integrations.has(id)) integrations.set(id, addSource(draft, notes, source));
  }
  const byDestination = new Map<string, Fields[]>();
  for (const connection of connections) {
    const id = idOf(partOf(connection, "destination"));
    byDestination.set(id, [...(byDestination.get(id) ?? []), connection]);
  }
  for (const destination of [...destinations, ...connections.map((each) => partOf(each, "destination"))]) {
    const id = idOf(destination);
    if (targets.has(id)) continue;
    const own = byDestination.get(id) ?? [];
    targets.set(id, addDestination(draft, notes, destination, own));
  }
  for (const connection of connections) {
    const [source, target] = [partOf(connection, "source"), partOf(connection, "destination")];
    const integration = integrations.get(idOf(source));
    const key = targets.get(idOf(target)) ?? null;
    const name = connection.text("name") ?? `${source.required("name")} to ${target.required("name")}`;
    if (integration === undefined || key === null) {
      notes.left(`connection ${name}`, "all of it", "its destination is not taken over.");
      continue;
    }
    addRoute(draft, notes, connection, source, rulesOf(connection, notes, `connection ${name}`), [integration, key]);
  }
  for (const transformation of transformations) {
    const subject = `transformation ${transformation.required("name")}`;
    notes.left(subject, "all of it", "Hookgate does not run it. Write a payload template or change the receiver.");
  }
  return draft;
}
