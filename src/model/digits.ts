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

  /** Without `JSON.rawJSON`, the digits are a text here, and `writeJson` writes the number. */
  toJSON(): unknown {
    return "rawJSON" in JSON ? JSON.rawJSON(this.#source) : this.#source;
  }
}

/** Returns whether a value is a number, with or without more digits than a double. */
export function isNumber(value: unknown): value is number {
  return typeof value === "number" || value instanceof Digits;
}
