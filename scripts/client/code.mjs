import { namesIn } from "./operations.mjs";
import { comment, typeOf } from "./types.mjs";

// The functions of the client, as TypeScript.

/**
 * @typedef {import("./document.mjs").Document} Document
 * @typedef {import("./operations.mjs").Operation} Operation
 * @typedef {{ operations: Operation[], groups: Map<string, Group> }} Group
 */

const pascalOf = (/** @type {readonly string[]} */ words) =>
  words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
const queryTypeOf = (/** @type {Operation} */ { groups, name }) => `${pascalOf([...groups, name])}Query`;

/** @param {readonly Operation[]} operations */
function groupsOf(operations) {
  /** @type {Group} */
  const root = { operations: [], groups: new Map() };
  for (const operation of operations) {
    let group = root;
    for (const name of operation.groups) {
      const next = group.groups.get(name) ?? { operations: [], groups: new Map() };
      group.groups.set(name, next);
      group = next;
    }
    group.operations.push(operation);
  }
  return root;
}

/** @param {Operation} operation */
function queryType(operation) {
  const lines = operation.query.map(({ name, description, required, schema = {} }) => {
    const isFlag = schema.enum?.length === 2 && schema.enum.includes("true") && schema.enum.includes("false");
    const type = isFlag ? "boolean" : typeOf(schema);
    return `${comment(description)}readonly ${name}${required === true ? "" : "?"}: ${type};`;
  });
  return lines.length === 0 ? "" : `export type ${queryTypeOf(operation)} = {\n${lines.join("\n")}\n};\n`;
}

/**
 * The parameters of a function: those of the path, the body, the query, the options.
 * @param {Operation} operation
 */
function parametersOf(operation) {
  const { pathParameters, body, query, takesKey } = operation;
  const isOptional = query.every(({ required }) => required !== true);
  const all = pathParameters.map((name) => `${name}: string`);
  if (body !== null) all.push(body.required ? `body: ${body.type}` : `body?: ${body.type}`);
  if (query.length > 0) all.push(`query: ${queryTypeOf(operation)}${isOptional ? " = {}" : ""}`);
  all.push(`options: ${takesKey ? "KeyedCallOptions" : "CallOptions"} = {}`);
  return all.join(", ");
}

/** @param {Operation} operation */
function resultOf({ responses }) {
  return responses.map(({ status, type }) => `Success<${status}, ${type}>`).join(" | ");
}

/** @param {Operation} operation */
function functionOf(operation) {
  const { method, path, pathParameters, body, query, responses } = operation;
  const request = [
    `method: "${method}"`,
    `path: "${path}"`,
    ...(pathParameters.length === 0 ? [] : [`params: { ${pathParameters.join(", ")} }`]),
    ...(query.length === 0 ? [] : ["query"]),
    ...(body === null ? [] : [body.is_json ? "json: body" : "raw: body"]),
    `reads: { ${responses.map(({ status, reading }) => `${status}: "${reading}"`).join(", ")} }`,
  ];
  return `(${parametersOf(operation)}): Promise<Result<${resultOf(operation)}>> =>
    call({ ${request.join(", ")} }, options)`;
}

/**
 * The iterators over a list that comes in pages.
 * @param {Operation} operation
 */
function iteratorsOf(operation) {
  const { pathParameters, responses } = operation;
  const parameters = parametersOf(operation);
  const page = responses[0]?.type ?? "";
  const read = `(at) => list(${[...pathParameters, "{ ...query, ...at }", "options"].join(", ")})`;
  return `/** The pages of \`list\`, one after the other. Throws a \`ClientError\` if a page cannot be read. */
    pages: (${parameters}): AsyncGenerator<${page}, void, void> => pagesOf(${read}),

    /** The rows of all pages. Throws a \`ClientError\` if a page cannot be read. */
    all: (${parameters}): AsyncGenerator<${page}["data"][number], void, void> => itemsOf(${read}),
`;
}

/**
 * @param {Group} group
 * @param {readonly string[]} names
 * @returns {{ declaration: string, expression: string }}
 */
function renderGroup(group, names) {
  const nested = [...group.groups].map(([name, each]) => ({ name, ...renderGroup(each, [...names, name]) }));
  const paged = group.operations.find(({ isPaged }) => isPaged);
  const members = [
    ...group.operations.map((operation) => {
      const value = operation === paged ? "list" : `${operation.name}: ${functionOf(operation)}`;
      return `${comment(operation.summary)}${value},\n\n${operation === paged ? iteratorsOf(operation) : ""}`;
    }),
    ...nested.map(({ name, expression }) => `${name}: ${expression},`),
  ];
  const hoisted = paged === undefined ? "" : `const list = ${functionOf(paged)};\n`;
  const own = `create${pascalOf(names)}`;
  const code = `function ${own}(call: Call) {\n${hoisted}return {\n${members.join("\n")}\n};\n}\n`;
  return { declaration: `${nested.map((each) => each.declaration).join("")}\n${code}`, expression: `${own}(call)` };
}

/**
 * The module with all functions, not formatted.
 * @param {Document} document
 * @param {readonly Operation[]} operations
 */
export function renderOperations(document, operations) {
  const groups = [...groupsOf(operations).groups].map(([name, group]) => ({ name, ...renderGroup(group, [name]) }));
  const queries = operations.map(queryType).join("\n");
  const functions = groups.map(({ declaration }) => declaration).join("");
  return `import type { Call, CallOptions, KeyedCallOptions, RawBody } from "../call.ts";
import { itemsOf, pagesOf } from "../pages.ts";
import type { Result, Success } from "../result.ts";
import type { ${namesIn(document, queries + functions).join(", ")} } from "./types.ts";

${queries}
${functions}
/** All operations, grouped by resource. */
export function createOperations(call: Call) {
return {
${groups.map(({ name, expression }) => `${name}: ${expression},`).join("\n")}
};
}
`;
}
