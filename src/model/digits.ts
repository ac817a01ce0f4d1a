declare global {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- only an interface can extend an existing one
  interface JSON {
    rawJSON(text: string): object;
  }
}

/** Longer ones are compared as doubles, so that a comparison has a bounded cost. */
const WHOLE = /^-?\d{1,1000}$/;

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

  /** Compares whole numbers digit by digit, and others as doubles. Returns NaN for what is no number. */
  #compare(other: unknown): number {
    const text = typeof other === "number" || other instanceof Digits ? String(other) : null;
    if (text === null) return Number.NaN;
    if (!WHOLE.test(text) || !WHOLE.test(this.#source)) return Math.sign(Number(this.#source) - Number(text));
    const [left, right] = [BigInt(this.#source), BigInt(text)];
    return left === right ? 0 : left < right ? -1 : 1;
  }

  // These methods are those by which templates compare values.

  equals(other: unknown): boolean {
    return this.#compare(other) === 0;
  }

  gt(other: unknown): boolean {
    return this.#compare(other) > 0;
  }

  geq(other: unknown): boolean {
    return this.#compare(other) >= 0;
  }

  lt(other: unknown): boolean {
    return this.#compare(other) < 0;
  }

  leq(other: unknown): boolean {
    return this.#compare(other) <= 0;
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
