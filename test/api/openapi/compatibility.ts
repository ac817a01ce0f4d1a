import { type Json, type JsonObject, isJsonObject, isList, memberOf } from "../../../src/model/json.ts";

// Finds what a later OpenAPI document no longer promises of an earlier one. A request that was accepted must stay accepted; what
// a response had must stay there. Both may grow.

type Direction = "request" | "response";
type Document = JsonObject;

type Place = {
  readonly before: Document;
  readonly after: Document;
  readonly direction: Direction;
  readonly path: string;
};

const METHODS = ["get", "put", "post", "delete", "patch"];
const MAX_DEPTH = 12;

function resolve(document: Document, value: Json | undefined): JsonObject {
  const reference = memberOf(value, "$ref");
  if (typeof reference === "string") {
    const names = reference.slice(2).split("/");
    return resolve(
      document,
      names.reduce<Json | undefined>((found, name) => memberOf(found, name), document),
    );
  }
  return isJsonObject(value) ? value : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

function mapOf(value: Json | undefined): readonly (readonly [string, Json])[] {
  return isJsonObject(value) ? Object.entries(value) : [];
}

/** The alternatives of a schema; null is not one of them. */
function formsOf(document: Document, schema: Json | undefined): readonly JsonObject[] {
  const whole = resolve(document, schema);
  const forms = [...listOf(memberOf(whole, "anyOf")), ...listOf(memberOf(whole, "oneOf"))];
  const { type } = whole;
  if (isList(type)) return type.filter((each) => each !== "null").map((each) => ({ ...whole, type: each }));
  // A group of alternatives beside properties only says which of them are required.
  if (forms.length === 0 || whole["properties"] !== undefined) return type === "null" ? [] : [whole];
  return forms.flatMap((form) => formsOf(document, form));
}

function allowsNull(document: Document, schema: Json | undefined): boolean {
  const whole = resolve(document, schema);
  const { type } = whole;
  if (type === "null" || (isList(type) && type.includes("null"))) return true;
  return [...listOf(memberOf(whole, "anyOf")), ...listOf(memberOf(whole, "oneOf"))].some((form) =>
    allowsNull(document, form),
  );
}

function valuesOf(schema: JsonObject): readonly Json[] | null {
  const { const: only, enum: values } = schema;
  if (only !== undefined) return [only];
  return isList(values) ? values : null;
}

function isTypeKept(before: Json | undefined, after: Json | undefined, direction: Direction): boolean {
  if (after === before) return true;
  if (before === undefined) return direction === "response";
  if (after === undefined) return direction === "request";
  return direction === "request"
    ? before === "integer" && after === "number"
    : before === "number" && after === "integer";
}

function compareValues(before: JsonObject, after: JsonObject, { path, direction }: Place): string[] {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  if (old === null)
    return now !== null && direction === "request" ? [`${path}: takes only ${JSON.stringify(now)}`] : [];
  if (now === null) return [];
  const missing = old.filter((value) => !now.some((each) => JSON.stringify(each) === JSON.stringify(value)));
  return missing.map((value) => `${path}: lacks the value ${JSON.stringify(value)}`);
}

const UPPER = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];
const LOWER = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];

function compareBounds(before: JsonObject, after: JsonObject, { path }: Place): string[] {
  const isTighter = (name: string, sign: number): boolean => {
    const [old, now] = [before[name], after[name]];
    return typeof now === "number" && (typeof old !== "number" || now * sign < old * sign);
  };
  const tighter = [...UPPER.filter((name) => isTighter(name, 1)), ...LOWER.filter((name) => isTighter(name, -1))];
  const pattern = after["pattern"] !== undefined && after["pattern"] !== before["pattern"] ? ["pattern"] : [];
  return [...tighter, ...pattern].map((name) => `${path}: ${name} is stricter`);
}

function compareProperties(before: JsonObject, after: JsonObject, place: Place, depth: number): string[] {
  const { path, direction } = place;
  const now = new Map(mapOf(after["properties"]));
  const old = new Map(mapOf(before["properties"]));
  const required = { before: listOf(before["required"]), after: listOf(after["required"]) };
  const isOpen = after["additionalProperties"] !== false;
  const kept = [...old].flatMap(([name, schema]): string[] => {
    const at = { ...place, path: `${path}.${name}` };
    const later = now.get(name);
    if (later !== undefined) return compareSchemas(schema, later, at, depth + 1);
    return direction === "request" && isOpen ? [] : [`${at.path}: is gone`];
  });
  const demanded = required.after.filter((name) => !required.before.includes(name));
  const optional = required.before.filter((name) => !required.after.includes(name) && now.has(String(name)));
  return [
    ...kept,
    ...(direction === "request" ? demanded.map((name) => `${path}.${String(name)}: is required now`) : []),
    ...(direction === "response" ? optional.map((name) => `${path}.${String(name)}: may be missing now`) : []),
  ];
}

function compareForms(before: JsonObject, after: JsonObject, place: Place, depth: number): string[] {
  const { path, direction } = place;
  if (!isTypeKept(before["type"], after["type"], direction)) {
    return [`${path}: has the type ${JSON.stringify(after["type"])} instead of ${JSON.stringify(before["type"])}`];
  }
  const items =
    before["items"] === undefined || after["items"] === undefined
      ? []
      : compareSchemas(before["items"], after["items"], { ...place, path: `${path}[]` }, depth + 1);
  return [
    ...compareValues(before, after, place),
    ...(direction === "request" ? compareBounds(before, after, place) : []),
    ...compareProperties(before, after, place, depth),
    ...items,
  ];
}

/** Compares schemas: each alternative of the earlier one must still be one. */
function compareSchemas(before: Json, after: Json, place: Place, depth = 0): string[] {
  if (depth > MAX_DEPTH) return [];
  const { path, direction } = place;
  const [wasNull, isNull] = [allowsNull(place.before, before), allowsNull(place.after, after)];
  const nulls = direction === "request" ? wasNull && !isNull : isNull && !wasNull;
  const later = formsOf(place.after, after);
  const errors = formsOf(place.before, before).flatMap((form) => {
    const results = later.map((each) => compareForms(form, each, place, depth));
    if (results.some((result) => result.length === 0)) return [];
    return results.toSorted((one, other) => one.length - other.length)[0] ?? [`${path}: is gone`];
  });
  return [...(nulls ? [`${path}: ${isNull ? "may be null" : "cannot be null"} now`] : []), ...errors];
}

type Parameter = { readonly schema: Json; readonly is_required: boolean };

function parametersOf(document: Document, operation: Json): ReadonlyMap<string, Parameter> {
  const parameters = listOf(memberOf(operation, "parameters")).map((each) => resolve(document, each));
  return new Map(
    parameters.map(({ in: where, name, schema, required }) => [
      `${String(where)} ${String(name)}`,
      { schema: schema ?? {}, is_required: required === true },
    ]),
  );
}

function contentOf(document: Document, body: Json | undefined): Json | undefined {
  const [entry] = mapOf(memberOf(resolve(document, body), "content"));
  return memberOf(entry?.[1], "schema");
}

function compareRequests(before: Json, after: Json, documents: Omit<Place, "direction">): string[] {
  const place = { ...documents, direction: "request" } as const;
  const old = parametersOf(place.before, before);
  const now = parametersOf(place.after, after);
  const gone = [...old].flatMap(([name, { schema }]) => {
    const later = now.get(name);
    const at = { ...place, path: `${place.path} ${name}` };
    return later === undefined ? [`${at.path}: is gone`] : compareSchemas(schema, later.schema, at);
  });
  const demanded = [...now].filter(([name, { is_required }]) => is_required && old.get(name)?.is_required !== true);
  const [oldBody, nowBody] = [memberOf(before, "requestBody"), memberOf(after, "requestBody")];
  const isBodyNew = memberOf(nowBody, "required") === true && memberOf(oldBody, "required") !== true;
  const [oldSchema, nowSchema] = [contentOf(place.before, oldBody), contentOf(place.after, nowBody)];
  const body =
    oldSchema === undefined || nowSchema === undefined
      ? []
      : compareSchemas(oldSchema, nowSchema, { ...place, path: `${place.path} body` });
  return [
    ...gone,
    ...demanded.map(([name]) => `${place.path} ${name}: is required now`),
    ...(isBodyNew ? [`${place.path} body: is required now`] : []),
    ...body,
  ];
}

function compareResponses(before: Json, after: Json, documents: Omit<Place, "direction">): string[] {
  const place = { ...documents, direction: "response" } as const;
  const later = new Map(mapOf(memberOf(after, "responses")));
  return mapOf(memberOf(before, "responses")).flatMap(([status, response]) => {
    const path = `${place.path} ${status}`;
    const now = later.get(status);
    // A problem that no longer occurs harms nobody.
    if (now === undefined) return status.startsWith("2") ? [`${path}: is gone`] : [];
    const [oldSchema, nowSchema] = [contentOf(place.before, response), contentOf(place.after, now)];
    if (oldSchema === undefined) return [];
    return nowSchema === undefined
      ? [`${path}: has no schema`]
      : compareSchemas(oldSchema, nowSchema, { ...place, path });
  });
}

/** Returns what clients of the earlier document could no longer rely on, each with its place. */
export function incompatibilities(before: Document, after: Document): readonly string[] {
  const found = mapOf(before["paths"]).flatMap(([path, methods]) =>
    mapOf(methods).flatMap(([method, operation]): string[] => {
      if (!METHODS.includes(method)) return [];
      const at = `${method.toUpperCase()} ${path}`;
      const later = memberOf(memberOf(after["paths"], path), method);
      if (later === undefined) return [`${at}: is gone`];
      const place = { before, after, path: at };
      const [id, laterId] = [memberOf(operation, "operationId"), memberOf(later, "operationId")];
      return [
        ...(id === laterId ? [] : [`${at}: the operation's id was ${String(id)}`]),
        ...compareRequests(operation, later, place),
        ...compareResponses(operation, later, place),
      ];
    }),
  );
  return [...new Set(found)];
}
