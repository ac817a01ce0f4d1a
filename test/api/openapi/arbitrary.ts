import fc from "fast-check";
import { type Json, type JsonObject, isJsonObject, isList, memberOf } from "../../../src/model/json.ts";

// Values by a JSON Schema of the document. Most fit it, so that requests get past the first check; some do not.

const MAX_DEPTH = 5;

const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "",
      "\u0000",
      "\ud800",
      "{{ data.x }}",
      "{% if",
      "__proto__",
      "💥",
      "a\r\nb",
      "1e999",
      "../..",
    ),
  },
);

const junk: fc.Arbitrary<Json> = fc.oneof(
  text,
  fc.constantFrom<Json>(null, true, 0, -1, 1.5, 1e21, 2 ** 53, [], {}, [null], { $gt: 1 }, [[[]]], { "": { "": "" } }),
);

function textBy(schema: JsonObject): fc.Arbitrary<Json> {
  const { format, pattern, maxLength } = schema;
  if (format === "date-time") {
    return fc
      .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((at) => at.toISOString());
  }
  if (format === "uri")
    return fc.constantFrom("https://hooks.example.com/in", "https://127.0.0.1/", "https://a:b@c.example");
  if (typeof pattern === "string") {
    try {
      return fc.oneof({ weight: 4, arbitrary: fc.stringMatching(new RegExp(pattern)) }, { weight: 1, arbitrary: text });
    } catch {
      return text;
    }
  }
  return typeof maxLength === "number" && maxLength < 20 ? text.map((value) => value.slice(0, maxLength)) : text;
}

function numberBy({ type, minimum, maximum }: JsonObject): fc.Arbitrary<Json> {
  const min = typeof minimum === "number" ? minimum : -10;
  const max = typeof maximum === "number" ? maximum : Math.max(min, 1_000);
  const whole = fc.oneof(fc.integer({ min, max: Math.min(max, 2 ** 31) }), fc.constantFrom(min, max, min - 1, max + 1));
  return type === "integer" ? whole : fc.oneof(whole, fc.double({ noNaN: true, noDefaultInfinity: true }));
}

/** Makes values by schemas of a document. */
export function arbitraries(document: JsonObject): { readonly by: (schema: Json | undefined) => fc.Arbitrary<Json> } {
  function resolve(schema: Json | undefined): JsonObject {
    const reference = memberOf(schema, "$ref");
    if (typeof reference !== "string") return isJsonObject(schema) ? schema : {};
    const names = reference.slice(2).split("/");
    return resolve(names.reduce<Json | undefined>((found, name) => memberOf(found, name), document));
  }

  function objectBy(schema: JsonObject, depth: number): fc.Arbitrary<Json> {
    const { properties, required, additionalProperties } = schema;
    const names = isJsonObject(properties) ? Object.entries(properties) : [];
    const needed = isList(required) ? required : [];
    const fields = names.map(([name, each]) => {
      const value = exact(each, depth + 1);
      const present = needed.includes(name) ? 20 : 1;
      return fc.oneof(
        { weight: present, arbitrary: value.map((given): readonly [string, Json][] => [[name, given]]) },
        { weight: 1, arbitrary: fc.constant<readonly [string, Json][]>([]) },
      );
    });
    const more =
      isJsonObject(additionalProperties) || additionalProperties === true
        ? fc.array(fc.tuple(text, junk), { maxLength: 2 })
        : fc.oneof(
            { weight: 12, arbitrary: fc.constant<readonly [string, Json][]>([]) },
            { weight: 1, arbitrary: fc.tuple(text, junk).map((entry): readonly [string, Json][] => [entry]) },
          );
    return fc.tuple(...fields, more).map((parts) => Object.fromEntries(parts.flat()));
  }

  function ofType(
    type: Json | undefined,
    schema: JsonObject,
    items: Json | undefined,
    depth: number,
  ): fc.Arbitrary<Json> {
    if (type === "string") return textBy(schema);
    if (type === "integer" || type === "number") return numberBy({ ...schema, type });
    if (type === "boolean") return fc.boolean();
    if (type === "null") return fc.constant(null);
    if (type === "array") return fc.array(exact(items, depth + 1), { maxLength: 3 });
    return type === "object" ? objectBy(schema, depth) : junk;
  }

  function exact(given: Json | undefined, depth: number): fc.Arbitrary<Json> {
    const schema = resolve(given);
    const { type, const: only, enum: values, items } = schema;
    if (depth > MAX_DEPTH) return junk;
    if (only !== undefined) return fc.constant(only);
    const forms = [memberOf(schema, "anyOf"), memberOf(schema, "oneOf")].filter(isList).flat();
    const own = ((): fc.Arbitrary<Json> => {
      if (isList(values)) return fc.constantFrom(...values);
      if (forms.length > 0 && schema["properties"] === undefined) {
        return fc.oneof(...forms.map((form) => exact(form, depth)));
      }
      const types = isList(type) ? type : [type];
      return fc.oneof(...types.map((each) => ofType(each, schema, items, depth)));
    })();
    return fc.oneof({ weight: 12, arbitrary: own }, { weight: 1, arbitrary: junk });
  }

  return { by: (schema) => exact(schema, 0) };
}
