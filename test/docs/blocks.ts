import { spawnSync } from "node:child_process";
import { Ajv2020 } from "ajv/dist/2020.js";
import { transformSync } from "esbuild";
import { parse as parseToml } from "smol-toml";
import { parseAllDocuments } from "yaml";
import apiDocument from "../../src/api/openapi/document.json" with { type: "json" };
import { parseFilter } from "../../src/filters/filter.ts";
import { isJsonObject } from "../../src/model/json.ts";
import { parseTemplate } from "../../src/templates/liquid.ts";
import type { Block } from "./pages.ts";
import { type Word, commandsIn } from "./shell.ts";

function run(command: string, args: readonly string[], input: string): string | null {
  const { error, status, stderr } = spawnSync(command, args, { input, encoding: "utf8" });
  if (error !== undefined) return null;
  return status === 0 ? null : stderr;
}

/** Calls a parser. Returns its message if it throws. */
function thrownBy(parse: () => unknown): string | null {
  try {
    parse();
    return null;
  } catch (error) {
    return String(error);
  }
}

/** A variable that a vendor replaces in a template of JSON. */
const VENDORS_VARIABLE = /(?<=: ?)\$[A-Z_]+\b/g;

/** Why the code of a block cannot be read; null if it can, or if its language or its tool is not known here. */
export function syntaxFault({ language, text }: Block): string | null {
  switch (language) {
    case "json":
      return thrownBy(() => JSON.parse(text.replaceAll(VENDORS_VARIABLE, "null")));
    case "yaml":
      return parseAllDocuments(text).flatMap(({ errors }) => errors)[0]?.message ?? null;
    case "toml":
      return thrownBy(() => parseToml(text));
    case "js":
    case "ts":
      return thrownBy(() => transformSync(text, { loader: "ts", format: "esm" }));
    case "sh":
      return run("bash", ["-n"], text);
    case "python":
      return run("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], text);
    case "ruby":
      return run("ruby", ["-c"], text);
    case "liquid": {
      const parsed = parseTemplate(text);
      return parsed.ok ? null : parsed.error;
    }
    default:
      return null;
  }
}

/** Names that a reader's shell has: the two of every page, and the system's. */
const GIVEN = ["HOOKGATE_URL", "HOOKGATE_TOKEN", "HOME", "PATH"];

/** Variables in capitals of a page's scripts that neither the page nor the reader's shell sets. */
export function unsetVariables(page: string, blocks: readonly Block[]): string[] {
  const scripts = blocks.filter(({ language }) => language === "sh").map(({ text }) => withoutLiterals(text));
  const set = new Set([
    ...GIVEN,
    ...scripts.flatMap((script) => [...script.matchAll(/\b(?:export |local )?(\w+)=/g)].map(([, name = ""]) => name)),
    ...[...page.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
  ]);
  const used = scripts.flatMap((script) => [...script.matchAll(/\$\{?([A-Z_]\w*)/g)].map(([, name = ""]) => name));
  return [...new Set(used)].filter((name) => !set.has(name));
}

/** A script without what stands between single quotes. */
function withoutLiterals(script: string): string {
  return script.replaceAll(/'[^']*'/g, "''").replaceAll(/^ *#.*$/gm, "");
}

export type Call = { readonly method: string; readonly path: string; readonly body: Word | null };

const API = /^(?:\$\w+|https?:\/\/[^/]+)?\/?(?:\$API)?(\/api\/v1\/.*)$/;

/** The calls of the API that a script makes with curl. */
export function apiCalls(script: string): Call[] {
  return commandsIn(script).flatMap((command) => {
    const [name, ...words] = command;
    if (name?.text !== "curl") return [];
    const after = (flag: string) => words[words.findIndex(({ text }) => text === flag) + 1];
    const has = (flag: string) => words.some(({ text }) => text === flag);
    const path = words.flatMap(({ text }) => API.exec(text.replace("$API", "/api/v1"))?.[1] ?? [])[0];
    if (path === undefined || path.includes("$")) return [];
    const body = has("-d") ? (after("-d") ?? null) : null;
    const method = has("-X") ? (after("-X")?.text ?? "") : body === null ? "GET" : "POST";
    return [{ method, path, body }];
  });
}

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
ajv.addSchema(apiDocument, "api");

const SAMPLE_CHARACTERS = "1m8hqxb86000ds33rtamzg68q6j1";

/** A body with ids and texts in the place of `dst_…` and `…`. */
function withSamples(text: string): string {
  return text.replaceAll(/\b([a-z]{3})_…/g, `$1_${SAMPLE_CHARACTERS}`).replaceAll("…", "example");
}

const DESTINATION_FIELDS = Object.keys(apiDocument.components.schemas.DestinationCreation.properties);

/**
 * What is wrong with a document of JSON that a page shows as input: a filter, a payload or a destination. Null if it is fine, or
 * another document.
 */
export function inputFault({ language, text }: Block): string | null {
  if (language !== "json") return null;
  const value: unknown = JSON.parse(withSamples(text.replaceAll(VENDORS_VARIABLE, "null")));
  if (!isJsonObject(value)) return null;
  const names = Object.keys(value);
  if (names.length > 0 && names.every((name) => /^(?:\$|data\.)/.test(name))) {
    const filter = parseFilter(value);
    return filter.ok ? null : filter.error.map(({ path, message }) => `${path} ${message}`).join(", ");
  }
  if (typeof value["mode"] === "string") return schemaFault("DestinationPayloadInput", value);
  const isDestination = "payload" in value && names.every((name) => DESTINATION_FIELDS.includes(name));
  return isDestination ? schemaFault("DestinationCreation", value) : null;
}

function schemaFault(name: string, value: unknown): string | null {
  const validate = ajv.getSchema(`api#/components/schemas/${name}`);
  if (validate === undefined) return `The API has no schema ${name}`;
  return validate(value) === true ? null : ajv.errorsText(validate.errors);
}

/** What is wrong with a call: its endpoint does not exist, or the body does not match the schema. */
export function callFault({ method, path, body }: Call): string | null {
  const [plain = "", query = ""] = path.split("?");
  const found = Object.entries(apiDocument.paths).find(([pattern]) =>
    new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(plain),
  );
  const operations: Readonly<Record<string, object>> = found?.[1] ?? {};
  const operation = operations[method.toLowerCase()];
  if (found === undefined || operation === undefined) return `There is no ${method} ${plain}`;
  const unknown = queryFault(operation, query);
  if (unknown !== null) return unknown;
  if (body === null || !body.isLiteral || body.text.startsWith("@")) return null;
  const pointer = `/paths/${found[0].replaceAll("~", "~0").replaceAll("/", "~1")}/${method.toLowerCase()}`;
  const validate = ajv.getSchema(`api#${encodeURI(pointer)}/requestBody/content/application~1json/schema`);
  if (validate === undefined) return `${method} ${plain} takes no body`;
  return validate(JSON.parse(withSamples(body.text))) === true ? null : ajv.errorsText(validate.errors);
}

function queryFault(operation: object, query: string): string | null {
  const parameters: unknown = "parameters" in operation ? operation.parameters : [];
  const text = JSON.stringify(parameters);
  const named = [...new URLSearchParams(query).keys()];
  const unknown = named.find((name) => !text.includes(`"name":"${name}"`) && !text.includes(`/${name}"`));
  return unknown === undefined ? null : `no parameter ${unknown}`;
}
