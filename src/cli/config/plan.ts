import type { Json, JsonObject } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { field, isObject, list, object, objects, plain } from "../rows.ts";
import { type Tone, paint } from "../terminal/paint.ts";
import { cut, oneLine } from "../terminal/text.ts";

const MAX_VALUE = 160;
const SIGNS: ReadonlyMap<string, readonly [string, Tone, string]> = new Map([
  ["create", ["+", "good", "to create"]],
  ["update", ["~", "wait", "to change"]],
  ["delete", ["-", "bad", "to delete"]],
]);

/** The name of the part of the document that holds things of a kind. */
function sectionOf(change: JsonObject): string {
  const kind = field(change, "kind");
  return kind.endsWith("s") ? kind : `${kind}s`;
}

function valueAt(value: Json | undefined, path: string): Json | undefined {
  if (path === "" || !isObject(value)) return path === "" ? value : undefined;
  const whole = value[path];
  if (whole !== undefined) return whole;
  const [first = "", ...rest] = path.split(".");
  return valueAt(value[first], rest.join("."));
}

function shown(value: Json | undefined): string {
  if (value === undefined) return "the default";
  if (isSecret(value)) return `the secret ${oneLine(field(value, "env"))}`;
  return cut(oneLine(writeJson(value)), MAX_VALUE);
}

function isSecret(value: Json | undefined): value is JsonObject {
  return isObject(value) && typeof value["env"] === "string" && Object.keys(value).length === 1;
}

function holdsSecret(value: Json | undefined): boolean {
  if (isSecret(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSecret);
}

/** The lines of the values in which two sides differ. The name of a secret's variable is no difference. */
function differences(path: string, from: Json | undefined, to: Json | undefined): string[] {
  if (isSecret(from) && isSecret(to)) return [];
  if (isObject(from) && isObject(to) && !isSecret(from) && !isSecret(to)) {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    return names.flatMap((name) => differences(`${path}.${name}`, from[name], to[name]));
  }
  if (writeJson(from) === writeJson(to)) return [];
  return [`    ${oneLine(path)}: ${paint("bad", shown(from))} → ${paint("good", shown(to))}`];
}

function fieldLines(change: JsonObject, before: JsonObject, after: JsonObject): string[] {
  return list(change, "fields").flatMap((item) => {
    const name = plain(item);
    const [from, to] = [valueAt(before, name), valueAt(after, name)];
    const lines = differences(name, from, to);
    if (lines.length > 0) return lines;
    // Documents hold no secrets and no defaults: only the gateway sees that one has changed.
    const what = holdsSecret(from) || holdsSecret(to) ? "another secret" : "other defaults";
    return [`    ${oneLine(name)}: ${paint("wait", what)}`];
  });
}

function createdLines(after: JsonObject): string[] {
  return Object.entries(after).map(([name, value]) => `    ${oneLine(name)}: ${shown(value)}`);
}

/** The lines that show a plan, with the values of the gateway and of the file. */
export function planLines(
  plan: JsonObject,
  gateway: JsonObject,
  file: JsonObject,
  isByHand: (change: JsonObject) => boolean,
): string[] {
  const changes = objects(plan, "changes");
  const lines = changes.flatMap((change) => {
    const [sign, tone] = SIGNS.get(field(change, "action")) ?? ["?", "faint"];
    const section = sectionOf(change);
    const name = field(change, "name");
    const [before, after] = [object(object(gateway, section), name), object(object(file, section), name)];
    const title = paint(tone, oneLine(`${sign} ${section} "${name}"`));
    const isCreation = field(change, "action") === "create";
    const isDeletion = field(change, "action") === "delete";
    const note = isByHand(change) ? paint("faint", " (made by hand, not by a file)") : "";
    return [title + note, ...(isCreation ? createdLines(after) : isDeletion ? [] : fieldLines(change, before, after))];
  });
  return [...lines, summaryOf(changes)];
}

function summaryOf(changes: readonly JsonObject[]): string {
  const parts = [...SIGNS].flatMap(([action, [, , text]]) => {
    const amount = changes.filter((change) => field(change, "action") === action).length;
    return amount === 0 ? [] : [`${amount} ${text}`];
  });
  return parts.length === 0 ? "No differences." : `${parts.join(", ")}.`;
}
