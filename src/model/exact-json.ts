import type { Json } from "./json.ts";

declare global {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- only an interface adds to one that there is
  interface JSON {
    rawJSON(text: string): object;
  }
}

/** A number that a double cannot hold, such as a 64-bit id. It is written with all of its digits, as text and as JSON. */
export class Digits {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  toString(): string {
    return this.#source;
  }

  valueOf(): number {
    return Number(this.#source);
  }

  toJSON(): object {
    return JSON.rawJSON(this.#source);
  }
}

/** Parses JSON with each number as what `read` makes of it and of how it was written. */
function parseNumbers(text: string, read: (value: number, source: string) => unknown): Json {
  const revive = (_name: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === "number" ? read(value, context?.source ?? String(value)) : value;
  const parsed: Json = JSON.parse(text, revive);
  return parsed;
}

const WHOLE = /^-?\d+$/;
/** Somewhere in every number that has more digits than a double, or is too large for one. */
const LONG = /\d{16}|\de\+?\d{3}/i;

function exact(value: number, source: string): unknown {
  const isRounded = !Number.isSafeInteger(value) && (WHOLE.test(source) || !Number.isFinite(value));
  return isRounded ? new Digits(source) : value;
}

/** Parses JSON so that what is written of it has every digit; throws a SyntaxError where it is none. */
export function parseExact(text: string): Json {
  // To be asked about each value makes parsing several times as slow.
  if (LONG.test(text)) return parseNumbers(text, exact);
  const plain: Json = JSON.parse(text);
  return plain;
}

/** Parses JSON with every number as the text that the sender wrote; throws a SyntaxError where it is none. */
export function parseNumbersAsTexts(text: string): Json {
  return parseNumbers(text, (_value, source) => source);
}
