import type { Destination } from "../../model/destination.ts";
import { parseExact } from "../../model/exact-json.ts";
import type { Integration } from "../../model/integration.ts";
import { type Json, type JsonObject, isJsonObject } from "../../model/json.ts";
import type { Route } from "../../model/route.ts";
import type { Transformation } from "../../model/transformation.ts";
import { findProvider } from "../../delivery/providers/registry.ts";
import { findIn } from "../../model/registry.ts";
import { SOURCES } from "../../sources/registry.ts";
import { learnsSecret } from "../../signing/schemes/registry.ts";
import type { WholeConfig } from "../../storage/config/document.ts";
import { viewPayload } from "../destinations/payload-fields.ts";
import { secretFormOf } from "../destinations/signing-secret.ts";
import { viewResponse } from "../integrations/custom-response.ts";
import { check } from "../field-errors.ts";
import { type Named, indexKeys, nameIn } from "./keys.ts";
import { listenersIn, withoutListeners } from "./listeners.ts";
import { createNames } from "./secret-places.ts";

/** The things of a kind by their keys. */
type Entries = { readonly [key: string]: JsonObject };

/** The document, without secrets, and without what has its default. */
export type ConfigDocument = {
  readonly version: 1;
  readonly integrations: Entries;
  readonly destinations: Entries;
  readonly routes: Entries;
  readonly transformations: Entries;
};

/** Makes the reference to a secret of an entry. */
type Reference = (field: string) => JsonObject;

const DEFAULTS = {
  integration: {
    enabled: true,
    auth: { type: "none" },
    allowed_ips: null,
    options: {},
    response: null,
    rate_limit: null,
    handshake: null,
    transformation: null,
  },
  destination: {
    type: "webhook",
    method: "POST",
    headers: {},
    forward_headers: [],
    auth: { type: "none" },
    payload: { mode: "envelope" },
    transformation: null,
    requests: {},
    options: {},
    timeout_ms: 10_000,
    retry_schedule: null,
    rate_limit: null,
    max_concurrency: null,
    enabled: true,
  },
  route: {
    enabled: true,
    integrations: null,
    event_types: null,
    match: null,
    group_window_seconds: 0,
    group_by: null,
    group_attributes: null,
  },
} as const;

/** A value as JSON, with the members of its maps in order. */
export function ordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(sorted(Object.entries(value)).map(([name, member]) => [name, ordered(member)]));
}

function sorted<T>(entries: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  return entries.toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
}

export function toJson(value: unknown): Json {
  return parseExact(JSON.stringify(value));
}

/** Leaves out the members that have their default. */
function withoutDefaults(fields: Readonly<Record<string, unknown>>, defaults: object): JsonObject {
  const usual = new Map<string, unknown>(Object.entries(defaults));
  const entries = Object.entries(fields).flatMap(([name, value]): [string, Json][] => {
    if (value === undefined) return [];
    const json = toJson(value);
    const isUsual =
      usual.has(name) && JSON.stringify(ordered(json)) === JSON.stringify(ordered(toJson(usual.get(name))));
    return isUsual ? [] : [[name, json]];
  });
  return Object.fromEntries(entries);
}

function nameField({ name }: Named, key: string): { readonly name?: string } {
  return name === nameIn(key) ? {} : { name };
}

/** The options of a source, without those that it would put back itself. */
function optionsOf({ type, options }: Integration): JsonObject {
  const source = findIn(SOURCES, type);
  if (source === null) return options;
  const whole = JSON.stringify(ordered(options));
  let rest = options;
  for (const [name, value] of Object.entries(options)) {
    // Lists and maps, which may be large, have no defaults.
    if (typeof value === "object" && value !== null) continue;
    const { [name]: _left, ...others } = rest;
    const parsed = check(source.options, others);
    if (parsed.ok && JSON.stringify(ordered(toJson(parsed.value))) === whole) rest = others;
  }
  return rest;
}

function integrationAuth({ auth }: Integration, reference: Reference): Json {
  switch (auth.type) {
    case "none":
      return { type: "none" };
    case "token":
      return { type: "token", header: auth.header, token: reference("token") };
    case "basic":
      return { type: "basic", username: auth.username, password: reference("password") };
    case "bearer":
      return { type: "bearer", token: reference("token") };
    case "signature": {
      const { sealed_secret, previous: _previous, verify_token_hash, ...settings } = auth;
      const verify = verify_token_hash === undefined ? {} : { verify_token: reference("verify_token") };
      // The same document before and after the secret is learned.
      const hasSecret = sealed_secret !== "" || learnsSecret(settings.scheme);
      return { ...toMap(settings), ...(hasSecret ? { secret: reference("secret") } : {}), ...verify };
    }
  }
}

function toMap(value: object): JsonObject {
  const json = toJson(value);
  return isJsonObject(json) ? json : {};
}

/** The key of the transformation that a thing passes; null if there is none. */
function transformationKey({ transformation_id: id }: { readonly transformation_id: string | null }, keyOf: KeyOfId) {
  return id === null ? null : keyOf(id);
}

function exportIntegration(
  stored: Integration,
  key: string,
  reference: Reference,
  transformationOf: KeyOfId,
): JsonObject {
  const { type, enabled, allowed_ips, rate_limit, handshake } = stored;
  const auth = integrationAuth(stored, reference);
  const fields = {
    enabled,
    auth,
    allowed_ips,
    options: optionsOf(stored),
    response: viewResponse(stored.response),
    rate_limit,
    handshake,
    transformation: transformationKey(stored, transformationOf),
  };
  return { ...nameField(stored, key), type, ...withoutDefaults(fields, DEFAULTS.integration) };
}

function destinationAuth({ auth }: Destination, reference: Reference): Json {
  switch (auth.type) {
    case "none":
      return { type: "none" };
    case "basic":
      return { type: "basic", username: auth.username, password: reference("password") };
    case "bearer":
      return { type: "bearer", token: reference("token") };
    case "aws_sigv4": {
      const { sealed_secret_access_key: _key, sealed_session_token: token, ...names } = auth;
      const secrets = { secret_access_key: reference("secret_access_key") };
      return { ...names, ...secrets, ...(token === null ? {} : { session_token: reference("session_token") }) };
    }
    case "oauth2_client_credentials": {
      const { sealed_client_secret: _sealed, ...client } = auth;
      return { ...toMap(client), client_secret: reference("client_secret") };
    }
    case "oauth2_authorization_code": {
      const { sealed_client_secret: sealed, ...client } = auth;
      return { ...toMap(client), ...(sealed === null ? {} : { client_secret: reference("client_secret") }) };
    }
  }
}

function exportHeaders({ headers, sealed_headers }: Destination, reference: Reference): JsonObject {
  const sealed = Object.keys(sealed_headers).map((name): [string, Json] => [name, reference(`header_${name}`)]);
  return Object.fromEntries(sorted([...Object.entries(headers), ...sealed]));
}

function exportPayload({ payload }: Destination, reference: Reference): Json {
  const shown = toMap(viewPayload(payload));
  if (payload.mode !== "preset") return shown;
  const secrets = Object.keys(payload.sealed_options).map((name): [string, Json] => [name, reference(name)]);
  const options = Object.fromEntries(sorted([...Object.entries(payload.options), ...secrets]));
  const { options: _options, ...rest } = shown;
  return Object.keys(options).length === 0 ? rest : { ...rest, options };
}

function exportDestination(
  stored: Destination,
  key: string,
  reference: Reference,
  transformationOf: KeyOfId,
): JsonObject {
  const { type, url, method, options, timeout_ms, retry_schedule, rate_limit, max_concurrency, enabled } = stored;
  const { forward_headers, requests } = stored;
  const isHttp = findProvider(type)?.is_http === true;
  const isSigned = findProvider(type)?.is_signed === true;
  const hasSecret = isSigned && secretFormOf(stored.signing) !== "none";
  const signing = { ...stored.signing, ...(hasSecret ? { secret: reference("signing_secret") } : {}) };
  const fields = {
    type,
    url: isHttp ? url : undefined,
    method: isHttp ? method : undefined,
    headers: exportHeaders(stored, reference),
    forward_headers,
    auth: destinationAuth(stored, reference),
    signing: isSigned ? signing : undefined,
    payload: exportPayload(stored, reference),
    transformation: transformationKey(stored, transformationOf),
    requests,
    options,
    timeout_ms,
    retry_schedule,
    rate_limit,
    max_concurrency,
    enabled,
  };
  return { ...nameField(stored, key), ...withoutDefaults(fields, DEFAULTS.destination) };
}

/** A reference by key. A thing that no longer exists is named by its id. */
type KeyOfId = (id: string) => string;

function exportRoute(stored: Route, key: string, integrationKey: KeyOfId, destinationKey: KeyOfId): JsonObject {
  const { integration_ids, destination_ids, enabled, event_types, match } = stored;
  const { group_window_seconds, group_by, group_attributes } = stored;
  const fields = {
    integrations: integration_ids?.map(integrationKey) ?? null,
    destinations: destination_ids.map(destinationKey),
    event_types,
    match,
    group_window_seconds,
    group_by,
    group_attributes,
    enabled,
  };
  return { ...nameField(stored, key), ...withoutDefaults(fields, DEFAULTS.route) };
}

function exportTransformation(stored: Transformation, key: string): JsonObject {
  return { ...nameField(stored, key), code: stored.code };
}

function entriesOf<T extends Named>(things: readonly T[], entry: (thing: T, key: string) => JsonObject): Entries {
  const { keyOf } = indexKeys(things);
  const keyed = sorted(things.map((thing) => [keyOf(thing), thing] as const));
  return Object.fromEntries(keyed.map(([key, thing]) => [key, entry(thing, key)]));
}

function keyOfIds(things: readonly Named[]): KeyOfId {
  const { keyOf } = indexKeys(things);
  const keys = new Map(things.map((thing) => [thing.id, keyOf(thing)]));
  return (id) => keys.get(id) ?? id;
}

/** Writes the whole configuration as a document. The same configuration gives the same bytes, whatever its ids are. */
export function exportConfig(config: Omit<WholeConfig, "revision">): ConfigDocument {
  const { integrations, destinations, routes, transformations } = withoutListeners(config);
  const transformationOf = keyOfIds(transformations);
  const listeners = listenersIn(config);
  const nameOf = createNames();
  return {
    version: 1,
    integrations: entriesOf(integrations, (each, key) =>
      exportIntegration(each, key, (field) => ({ env: nameOf("integration", key, field) }), transformationOf),
    ),
    destinations: entriesOf(destinations, (each, key) =>
      exportDestination(each, key, (field) => ({ env: nameOf("destination", key, field) }), transformationOf),
    ),
    routes: entriesOf(routes, (each, key) => {
      const destination_ids = each.destination_ids.filter((id) => !listeners.has(id));
      return exportRoute({ ...each, destination_ids }, key, keyOfIds(integrations), keyOfIds(destinations));
    }),
    transformations: entriesOf(transformations, exportTransformation),
  };
}
