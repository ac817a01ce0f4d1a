// The parts of an OpenAPI 3.1 document that the client is made from.

/**
 * A JSON Schema as the document uses it.
 * @typedef {{
 *   $ref?: string, const?: unknown, enum?: unknown[], anyOf?: Schema[], oneOf?: Schema[],
 *   type?: string | string[], items?: Schema, properties?: Record<string, Schema>, required?: string[],
 *   additionalProperties?: boolean | Schema, description?: string,
 * }} Schema
 *
 * @typedef {{ $ref?: string, name: string, in: string, required?: boolean, schema?: Schema, description?: string }} Parameter
 * @typedef {Record<string, { schema?: Schema }>} Content
 * @typedef {{
 *   operationId: string, tags: string[], summary?: string, description?: string, security?: Record<string, string[]>[],
 *   parameters?: Parameter[], requestBody?: { required?: boolean, content: Content },
 *   responses: Record<string, { content?: Content }>,
 * }} OperationObject
 * @typedef {{
 *   paths: Record<string, Record<string, OperationObject>>,
 *   components: { schemas: Record<string, Schema>, parameters?: Record<string, Parameter> },
 * }} Document
 */

/** The OpenAPI document, from the root of the project. */
export const DOCUMENT = "src/api/openapi/document.json";

/** The folder of the generated files, from the root of the project. */
export const GENERATED = "src/client/generated";

/**
 * The name at the end of a reference: `Event` of `#/components/schemas/Event`.
 * @param {string} ref
 */
export const nameOfRef = (ref) => ref.slice(ref.lastIndexOf("/") + 1);

/**
 * The schema itself, if it is a reference to a named one.
 * @param {Document} document
 * @param {Schema} schema
 * @returns {Schema}
 */
export function resolveSchema(document, schema) {
  if (schema.$ref === undefined) return schema;
  const found = document.components.schemas[nameOfRef(schema.$ref)];
  if (found === undefined) throw new Error(`The document has no schema at ${schema.$ref}.`);
  return found;
}

/**
 * The parameters of an operation, with references resolved.
 * @param {Document} document
 * @param {OperationObject} operation
 */
export function parametersOf(document, operation) {
  return (operation.parameters ?? []).map((parameter) => {
    if (parameter.$ref === undefined) return parameter;
    const found = document.components.parameters?.[nameOfRef(parameter.$ref)];
    if (found === undefined) throw new Error(`The document has no parameter at ${parameter.$ref}.`);
    return found;
  });
}
