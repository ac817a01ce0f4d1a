import { type Json, type JsonObject, isJsonObject, isList } from "../../model/json.ts";

// The JSON Schema of a document is made of the schemas with which the endpoints of each resource check an entry, as the OpenAPI
// document has them.

const PREFIX = "#/components/schemas/";
const LOCAL = "#/$defs/";
const REFERENCE: JsonObject = {
  type: "object",
  properties: { env: { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_]{0,199}$" } },
  required: ["env"],
  additionalProperties: false,
  description: "The name of a secret, whose value does not stand in the document.",
};
/** The properties of entries that hold secrets, and the maps whose members may. */
const SECRETS: ReadonlySet<string> = new Set([
  "token",
  "password",
  "secret",
  "verify_token",
  "client_secret",
  "secret_access_key",
  "session_token",
]);
const MAPS: ReadonlySet<string> = new Set(["DestinationHeadersInput"]);

function orReference(schema: Json): JsonObject {
  return { anyOf: [schema, { $ref: `${LOCAL}SecretReference` }] };
}

/** A schema whose references lead into the document itself, and whose secrets may be references to names. */
function adapt(schema: Json): Json {
  if (isList(schema)) return schema.map(adapt);
  if (!isJsonObject(schema)) return schema;
  const entries = Object.entries(schema).map(([key, value]): [string, Json] => {
    if (key === "$ref" && typeof value === "string") return [key, value.replace(PREFIX, LOCAL)];
    if (key !== "properties" || !isJsonObject(value)) return [key, adapt(value)];
    const properties = Object.entries(value).map(([name, property]): [string, Json] => {
      const adapted = adapt(property);
      if (SECRETS.has(name)) return [name, orReference(adapted)];
      return name === "options" && isPresetOptions(property) ? [name, withReferences(adapted)] : [name, adapted];
    });
    return [key, Object.fromEntries(properties)];
  });
  return Object.fromEntries(entries);
}

/** Whether a schema is that of a preset's options: a map of texts, some of which are secrets. */
function isPresetOptions(schema: Json): boolean {
  return isJsonObject(schema) && isJsonObject(schema["additionalProperties"]);
}

function withReferences(schema: Json): Json {
  if (!isJsonObject(schema) || schema["additionalProperties"] === undefined) return schema;
  return { ...schema, additionalProperties: orReference(schema["additionalProperties"]) };
}

/** The names of the schemas that a schema refers to. */
function referredBy(schema: Json, found: Set<string>, all: JsonObject): void {
  if (isList(schema)) for (const part of schema) referredBy(part, found, all);
  if (!isJsonObject(schema)) return;
  for (const [key, value] of Object.entries(schema)) {
    const name = key === "$ref" && typeof value === "string" ? value.slice(PREFIX.length) : null;
    if (name === null) referredBy(value, found, all);
    else if (!found.has(name)) {
      found.add(name);
      referredBy(all[name] ?? null, found, all);
    }
  }
}

/** An entry: what a creation takes, without what its key says. */
function entryOf(
  creation: Json,
  replaced: Readonly<Record<string, JsonObject>>,
  required: readonly string[],
): JsonObject {
  const adapted = adapt(creation);
  if (!isJsonObject(adapted) || !isJsonObject(adapted["properties"])) return {};
  const { external_id: _external, ...properties } = adapted["properties"];
  const others = Object.entries(properties).filter(
    ([name]) => !Object.hasOwn(replaced, name.replace(/_ids$/, "s").replace(/_id$/, "")),
  );
  return { ...adapted, properties: { ...Object.fromEntries(others), ...replaced }, required };
}

function mapOf(name: string): JsonObject {
  return { type: "object", additionalProperties: { $ref: `${LOCAL}${name}` }, default: {} };
}

/** The reference of an integration or a destination. */
const TRANSFORMED: Readonly<Record<string, JsonObject>> = {
  transformation: { type: ["string", "null"], description: "A key; null for none." },
};

const KEYS: JsonObject = { type: "array", items: { type: "string" } };

/** Builds the JSON Schema of a document from the schemas of the OpenAPI document. */
export function buildConfigSchema(components: object): JsonObject {
  const read: Json = JSON.parse(JSON.stringify(components));
  const all = isJsonObject(read) ? read : {};
  const creations = ["IntegrationCreation", "DestinationCreation", "RouteCreation", "TransformationCreation"];
  const names = new Set<string>();
  for (const name of creations) referredBy(all[name] ?? null, names, all);
  const definitions = [...names].toSorted().map((name): [string, Json] => {
    const adapted = adapt(all[name] ?? null);
    return [name, MAPS.has(name) ? withReferences(adapted) : adapted];
  });
  const [integration, destination, route, transformation] = creations.map((name) => all[name] ?? null);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "The configuration of a Hookgate gateway",
    type: "object",
    properties: {
      $schema: { type: "string" },
      version: { const: 1 },
      integrations: mapOf("Integration"),
      destinations: mapOf("Destination"),
      routes: mapOf("Route"),
      transformations: mapOf("Transformation"),
    },
    required: ["version"],
    additionalProperties: false,
    $defs: {
      ...Object.fromEntries(definitions),
      Integration: entryOf(integration ?? null, TRANSFORMED, ["type"]),
      Destination: entryOf(destination ?? null, TRANSFORMED, []),
      Route: entryOf(
        route ?? null,
        {
          integrations: { type: ["array", "null"], items: { type: "string" }, description: "Keys; null for all." },
          destinations: { ...KEYS, description: "Keys." },
        },
        ["destinations"],
      ),
      Transformation: entryOf(transformation ?? null, {}, ["code"]),
      SecretReference: REFERENCE,
    },
  };
}
