import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { extname } from "node:path";
import type { Json, JsonObject } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { DIGITS_TAG } from "../../model/portable-yaml.ts";
import { CommandError, fileReason } from "../failure.ts";
import { parseDocument } from "../input.ts";
import { isList, isObject } from "../rows.ts";
import { isUnsafe, neutralizeJson } from "../terminal/text.ts";

export const DEFAULT_FILE = "hookgate.yaml";
const LINE_WIDTH = 0;
const PARTS: ReadonlySet<string> = new Set([
  "$schema",
  "version",
  "integrations",
  "destinations",
  "routes",
  "transformations",
  "secrets",
]);

/** A text without what a block of lines in YAML has as it is: ends of lines and, as code is indented, tabs. */
function withoutLayout(text: string): string {
  return text.includes("\n") ? text.replaceAll(/[\n\t]/g, "") : text;
}

/** Writes a configuration as YAML. Text that a terminal might interpret is escaped. */
export async function toYaml(config: JsonObject): Promise<string> {
  const { Document, Scalar, visit } = await import("yaml");
  const document = new Document(config, { aliasDuplicateObjects: false, customTags: [DIGITS_TAG] });
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === "string" && isUnsafe(withoutLayout(node.value))) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: LINE_WIDTH }).split("\t").map(neutralizeJson).join("\t");
}

/** A configuration as a file of this name holds it: JSON for `.json`, else YAML. */
export async function toFile(config: JsonObject, file: string): Promise<string> {
  return extname(file) === ".json" ? `${neutralizeJson(writeJson(config, 2))}\n` : await toYaml(config);
}

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new CommandError(`${file} cannot be read: ${fileReason(error)}`, "Name another file.");
  }
}

/** Writes a file whole or not at all. Returns false if it holds this text already. A file of another kind is not replaced. */
export async function writeConfig(file: string, text: string, isForced: boolean): Promise<boolean> {
  const before = read(file);
  if (before === text) return false;
  if (before !== null && !isForced && !(await isConfig(before, file))) {
    throw new CommandError(
      `${file} exists and holds no configuration.`,
      "Name another file, or add --yes to replace it.",
    );
  }
  const temporary = `${file}.${process.pid}`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new CommandError(
      `${file} cannot be written: ${fileReason(error)}`,
      "Name a file in a folder that exists and that you may write to.",
    );
  }
  return true;
}

/** Whether a text is a configuration, and not another document that has a version, such as a package.json. */
async function isConfig(text: string, file: string): Promise<boolean> {
  try {
    const document = await parseDocument(text, file);
    return document["version"] === 1 && Object.keys(document).every((name) => PARTS.has(name));
  } catch {
    return false;
  }
}

/** The names of the environment variables that a configuration refers to as `{env: NAME}`. */
function variablesIn(value: Json): readonly string[] {
  if (isList(value)) return [...new Set(value.flatMap(variablesIn))];
  if (!isObject(value)) return [];
  const { env } = value;
  if (typeof env === "string" && Object.keys(value).length === 1) return [env];
  return [...new Set(Object.values(value).flatMap(variablesIn))];
}

export type Secrets = { readonly values: Readonly<Record<string, string>>; readonly missing: readonly string[] };

/** Reads the secrets that a configuration names from the environment. */
export function secretsOf(config: JsonObject): Secrets {
  const names = variablesIn(config);
  const values = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined || value === "" ? [] : [[name, value] as const];
  });
  const found = new Map(values);
  return { values: Object.fromEntries(found), missing: names.filter((name) => !found.has(name)) };
}
