import type { Json, JsonObject } from "../../client/index.ts";
import { field, firstOf, isObject, list, object, objects, plain } from "../rows.ts";
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
  if (value === undefined) return paint("faint", "not set");
  if (isObject(value) && typeof value["env"] === "string") return `the secret ${oneLine(value["env"])}`;
  return cut(oneLine(JSON.stringify(value)), MAX_VALUE);
}

function fieldLines(change: JsonObject, before: JsonObject, after: JsonObject): string[] {
  return list(change, "fields").map((item) => {
    const name = isObject(item) ? firstOf(field(item, "path"), field(item, "field"), field(item, "name")) : plain(item);
    const [from, to] =
      isObject(item) && "before" in item
        ? [item["before"], item["after"]]
        : [valueAt(before, name), valueAt(after, name)];
    if (from === undefined && to === undefined) return `    ${oneLine(name)}`;
    return `    ${oneLine(name)}: ${paint("bad", shown(from))} → ${paint("good", shown(to))}`;
  });
}

function createdLines(after: JsonObject): string[] {
  return Object.entries(after).map(([name, value]) => `    ${oneLine(name)}: ${shown(value)}`);
}

/** The lines that show a plan, with the values of the gateway and of the file. */
export function planLines(plan: JsonObject, gateway: JsonObject, file: JsonObject): string[] {
  const changes = objects(plan, "changes");
  const lines = changes.flatMap((change) => {
    const [sign, tone] = SIGNS.get(field(change, "action")) ?? ["?", "faint"];
    const section = sectionOf(change);
    const name = field(change, "name");
    const [before, after] = [object(object(gateway, section), name), object(object(file, section), name)];
    const title = paint(tone, oneLine(`${sign} ${section} "${name}"`));
    const isCreation = field(change, "action") === "create";
    const isDeletion = field(change, "action") === "delete";
    return [title, ...(isCreation ? createdLines(after) : isDeletion ? [] : fieldLines(change, before, after))];
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
