import type { Json } from "../model/json.ts";
import { type Result, fail, ok } from "../model/result.ts";

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

const WHOLE = /^-?\d+$/;

function exact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && (WHOLE.test(source) || !Number.isFinite(value)) ? new Digits(source) : value;
}

/** Parses JSON so that what is written of it has every digit; the error is a sentence. */
export function parseExact(text: string): Result<Json, string> {
  try {
    const value: Json = JSON.parse(text, exact);
    return ok(value);
  } catch (error) {
    if (error instanceof SyntaxError) return fail("The event's payload is not valid JSON.");
    throw error;
  }
}
