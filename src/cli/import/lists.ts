import type { Json, JsonObject } from "../../client/index.ts";
import { parseJson } from "../../model/portable-json.ts";
import { CommandError } from "../failure.ts";
import { readBytes } from "../input.ts";
import { isList, isObject } from "../rows.ts";
import { Fields, wrongShape } from "./fields.ts";
import type { Notes } from "./notes.ts";

const MAX_DEPTH = 64;

/** A saved response, and what to call it in messages. */
export type Saved = { readonly name: string; readonly value: Json };

/** How deep a value is nested, without recursion. */
function isTooDeep(value: Json): boolean {
  let level: readonly Json[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((item) => (isList(item) ? item : isObject(item) ? Object.values(item) : []));
  }
  return false;
}

/** Where the text stops being JSON, if that is known. The text itself is not shown, because it may contain secrets. */
function placeOfFault(text: string, error: unknown): string {
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
  if (position === undefined) return "";
  const before = text.slice(0, Number(position)).split("\n");
  return ` from line ${before.length}, column ${(before.at(-1) ?? "").length + 1} on`;
}

/** Reads a saved response. */
export async function readSaved(file: string): Promise<Saved> {
  const name = file === "-" ? "stdin" : file;
  const text = (await readBytes(file)).toString("utf8").replace(/^\uFEFF/, "");
  try {
    const value = parseJson<Json>(text);
    if (isTooDeep(value)) throw new CommandError(`${name} is nested deeper than ${MAX_DEPTH} levels.`);
    return { name, value };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(
      `${name} is not JSON${placeOfFault(text, error)}.`,
      "Save the response of the API as it is.",
    );
  }
}

const PAGING: ReadonlySet<string> = new Set([
  "iterator",
  "prevIterator",
  "done",
  "pagination",
  "count",
  "object",
  "has_more",
]);

function hasMore(list: JsonObject): boolean {
  const { done, pagination } = list;
  return done === false || (isObject(pagination) && typeof pagination["next"] === "string");
}

/**
 * The items of a list: a bare list, or a page with `data` (Svix) or `models` (Hookdeck). Null if the value is no list. A page
 * that is not the last one is named.
 */
export function itemsOf(value: Json, at: string, notes: Notes): readonly Fields[] | null {
  if (isList(value)) return value.map((item, index) => new Fields(`${at}[${index}]`, item));
  if (!isObject(value)) throw wrongShape(at, "an object or a list");
  const name = ["data", "models"].find((each) => isList(value[each]));
  const isPage = name !== undefined && Object.keys(value).every((key) => key === name || PAGING.has(key));
  if (name === undefined || !isPage) return null;
  if (hasMore(value)) notes.left(at, "further pages", "this page is not the last one. Save the others, too.");
  return itemsOf(value[name] ?? [], `${at}.${name}`, notes);
}
