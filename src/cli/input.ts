import { createReadStream } from "node:fs";
import { extname } from "node:path";
import { addAbortSignal } from "node:stream";
import type { Json, JsonObject } from "../client/index.ts";
import { parseJson } from "../model/portable-json.ts";
import { parseYaml } from "../model/portable-yaml.ts";
import { CommandError, UsageError, fileReason } from "./failure.ts";
import { interrupt } from "./interrupt.ts";
import { isObject } from "./rows.ts";

const MAX_ALIASES = 100;
const MAX_BYTES = 10_485_760;

const FORM = "Write it as JSON or YAML, such as `name: Orders`. `get NAME --json` shows the fields of a thing.";

function nameOf(file: string): string {
  return file === "-" ? "The text on stdin" : file;
}

/** Reads a file, or stdin for `-`. What has no end, or is larger than the gateway accepts, is not read to its end. */
export async function readBytes(file: string, maxBytes = MAX_BYTES): Promise<Buffer> {
  if (file === "-" && process.stdin.isTTY) process.stderr.write("Reading from the terminal. End with Ctrl+D.\n");
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    const opened = file === "-" ? process.stdin : createReadStream(file);
    const stream: AsyncIterable<Buffer> = addAbortSignal(interrupt.signal, opened);
    for await (const chunk of stream) {
      bytes += chunk.length;
      if (bytes > maxBytes) break;
      chunks.push(chunk);
    }
    if (bytes <= maxBytes) return Buffer.concat(chunks);
  } catch (error) {
    if (interrupt.happened()) throw new CommandError("Interrupted. Nothing was changed.");
    throw new CommandError(`${nameOf(file)} cannot be read: ${fileReason(error)}`, "Check the name of the file.");
  }
  throw new CommandError(
    `${nameOf(file)} is larger than ${maxBytes.toLocaleString("en")} bytes, which is the most that the gateway accepts.`,
    "Send a smaller one.",
  );
}

/** Reads text as JSON, or as YAML if it is not JSON. YAML's own types, such as dates, are read as text. */
export async function parseDocument(text: string, file: string): Promise<JsonObject> {
  let value: Json;
  try {
    value = await parseText(text, file);
  } catch (error) {
    throw new CommandError(`${nameOf(file)} cannot be read: ${fileReason(error)}`, FORM);
  }
  if (!isObject(value)) throw new CommandError(`${nameOf(file)} must hold an object with named fields.`, FORM);
  return value;
}

async function parseText(text: string, file: string): Promise<Json> {
  const isJson = extname(file) === ".json" || /^\s*[[{]/.test(text);
  if (isJson) {
    return parseJson<Json>(text);
  }
  return parseYaml(await import("yaml"), text, MAX_ALIASES);
}

export async function readDocument(file: string): Promise<JsonObject> {
  return await parseDocument((await readBytes(file)).toString("utf8"), file);
}

/** Reads a value of `--set`: JSON, or else text. */
function parseValue(text: string): Json {
  try {
    return parseJson<Json>(text);
  } catch {
    return text;
  }
}

function withField(target: JsonObject, path: readonly string[], value: Json): JsonObject {
  const [name = "", ...rest] = path;
  const before = target[name];
  const next = rest.length === 0 ? value : withField(isObject(before) ? before : {}, rest, value);
  return Object.fromEntries([...Object.entries(target).filter(([key]) => key !== name), [name, next]]);
}

/** Sets fields by `path=value`, such as `options.fan_out=false`. A value that is not JSON is text. */
export function setFields(target: JsonObject, assignments: readonly string[]): JsonObject {
  return assignments.reduce<JsonObject>((body, assignment) => {
    const at = assignment.indexOf("=");
    const path = assignment.slice(0, at).split(".");
    if (at < 1 || path.includes("")) {
      throw new UsageError(
        `--set ${assignment}: write it as field=value.`,
        "For example: --set options.fan_out=false.",
      );
    }
    return withField(body, path, parseValue(assignment.slice(at + 1)));
  }, target);
}
