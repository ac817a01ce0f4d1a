import type { Json } from "./json.ts";

declare global {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- only an interface can extend an existing one
  interface JSON {
    rawJSON(text: string): object;
  }
}

/** A number that a double cannot hold, such as a 64-bit id. It is written with all digits, as text and as JSON. */
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

/** Parses JSON. `read` replaces each number, given its value and its source text. */
function parseNumbers(text: string, read: (value: number, source: string) => unknown): Json {
  const revive = (_name: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === "number" ? read(value, context?.source ?? String(value)) : value;
  const parsed: Json = JSON.parse(text, revive);
  return parsed;
}

const WHOLE = /^-?\d+$/;
/** Matches within every number that has more digits than a double, or is too large for one. */
const LONG = /\d{16}|\de\+?\d{3}/i;

function exact(value: number, source: string): unknown {
  const isRounded = !Number.isSafeInteger(value) && (WHOLE.test(source) || !Number.isFinite(value));
  return isRounded ? new Digits(source) : value;
}

/** Parses JSON so that writing it again keeps every digit. Throws a SyntaxError if the text is no JSON. */
export function parseExact(text: string): Json {
  // A reviver makes parsing several times as slow.
  if (LONG.test(text)) return parseNumbers(text, exact);
  const plain: Json = JSON.parse(text);
  return plain;
}

/** Parses JSON with every number as the text that the sender wrote. Throws a SyntaxError if the text is no JSON. */
export function parseNumbersAsTexts(text: string): Json {
  return parseNumbers(text, (_value, source) => source);
}
