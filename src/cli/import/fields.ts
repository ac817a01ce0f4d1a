import type { Json, JsonObject } from "../../client/index.ts";
import { CommandError } from "../failure.ts";
import { isList, isObject } from "../rows.ts";
import type { Notes } from "./notes.ts";

const HINT = "Save the response of the API as it is, and import it again.";

/** A value of another type than the API documents. The message has the place, and not the value, which may be a secret. */
export function wrongShape(at: string, expected: string): CommandError {
  return new CommandError(`${at} must be ${expected}.`, HINT);
}

function placeOf(at: string, name: string): string {
  if (!/^[\w$-]+$/.test(name)) return `${at}[${JSON.stringify(name).slice(0, 60)}]`;
  return at === "" ? name : `${at}.${name}`;
}

function isEmpty(value: Json): boolean {
  if (value === null || value === "" || value === false) return true;
  return isList(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/** The fields of an object of a vendor's API. It remembers which were read, so that the others can be named. */
export class Fields {
  readonly at: string;
  readonly #value: JsonObject;
  readonly #read = new Set<string>();

  constructor(at: string, value: Json | undefined) {
    if (!isObject(value)) throw wrongShape(at, "an object");
    this.at = at;
    this.#value = value;
  }

  /** The value of a field; undefined if it is missing or null. */
  get(name: string): Json | undefined {
    this.#read.add(name);
    return Object.hasOwn(this.#value, name) ? (this.#value[name] ?? undefined) : undefined;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#value, name) && this.#value[name] !== null;
  }

  placeOf(name: string): string {
    return placeOf(this.at, name);
  }

  /** A text; undefined if it is missing or empty. */
  text(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined || value === "") return undefined;
    if (typeof value !== "string") throw wrongShape(this.placeOf(name), "a text");
    return value;
  }

  required(name: string): string {
    const text = this.text(name);
    if (text === undefined) throw wrongShape(this.placeOf(name), "a text that is not empty");
    return text;
  }

  number(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || value < 0) throw wrongShape(this.placeOf(name), "a number from 0 on");
    return value;
  }

  flag(name: string): boolean {
    const value = this.get(name);
    if (value === undefined) return false;
    if (typeof value !== "boolean") throw wrongShape(this.placeOf(name), "true or false");
    return value;
  }

  texts(name: string): readonly string[] {
    const value = this.get(name);
    if (value === undefined) return [];
    if (!isList(value)) throw wrongShape(this.placeOf(name), "a list of texts");
    return value.map((item, index) => {
      if (typeof item !== "string") throw wrongShape(`${this.placeOf(name)}[${index}]`, "a text");
      return item;
    });
  }

  /** The objects of a list. */
  objects(name: string): readonly Fields[] {
    const value = this.get(name);
    if (value === undefined) return [];
    if (!isList(value)) throw wrongShape(this.placeOf(name), "a list of objects");
    return value.map((item, index) => new Fields(`${this.placeOf(name)}[${index}]`, item));
  }

  /** An object; undefined if it is missing or null. */
  object(name: string): Fields | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : new Fields(this.placeOf(name), value);
  }

  /** The members of a map of texts. */
  map(name: string): ReadonlyMap<string, string> {
    const fields = this.object(name);
    if (fields === undefined) return new Map();
    return new Map(
      fields.names().map((key) => {
        const value = fields.get(key);
        if (typeof value !== "string") throw wrongShape(fields.placeOf(key), "a text");
        return [key, value];
      }),
    );
  }

  names(): readonly string[] {
    return Object.keys(this.#value);
  }

  /** Names the fields that were not read and hold something. `why` says it of a field. */
  rest(notes: Notes, subject: string, why: (name: string) => string): void {
    const unread = this.names().filter((name) => !this.#read.has(name) && !isEmpty(this.#value[name] ?? null));
    for (const reason of new Set(unread.map(why))) {
      notes.left(subject, unread.filter((name) => why(name) === reason).join(", "), reason);
    }
  }
}
