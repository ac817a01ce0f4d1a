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
