/** What a realm fixes and collects for a call. */
export type Realm = {
  /** Fixes the time in ms and the random numbers, and forgets the lines. */
  readonly fix: (now: number, seed: string) => void;
  /** Returns the lines that were written since. */
  readonly lines: () => readonly string[];
  /** Adds a line. */
  readonly log: (prefix: string, values: readonly unknown[]) => void;
};

/**
 * Makes the realm that it runs in one in which a module can only compute: takes away what reaches the outside, fixes the time
 * and the random numbers, and freezes the built-in objects, in which one call could leave something for the next. Its source
 * text runs beside the user's code, so it must refer to nothing outside of itself.
 */
export function closeRealm(): Realm {
  const MAX_LINES = 100;
  const MAX_LOG = 8_000;
  const KEPT = new Set(
    (
      "globalThis Infinity NaN undefined isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI " +
      "encodeURIComponent escape unescape Object Function Array Number Boolean String Symbol Date Promise RegExp Error " +
      "AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError JSON Math Intl " +
      "ArrayBuffer Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array BigUint64Array BigInt64Array " +
      "Uint8ClampedArray Float16Array Float32Array Float64Array DataView Map BigInt Set Iterator WeakMap WeakSet Proxy " +
      "Reflect eval"
    ).split(" "),
  );
  const { construct, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
  const realm: object = globalThis;
  const RealDate = Date;
  let time = 0;
  let state = 1;
  let lines: string[] = [];
  let logged = 0;
  let isFull = false;

  function fix(now: number, seed: string): void {
    time = now;
    state = 0x9e3779b9;
    for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
    if (state === 0) state = 1;
    lines = [];
    logged = 0;
    isFull = false;
  }

  /** Returns the next 32 random bits: a xorshift whose output is mixed once more. */
  function bits(): number {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const mixed = Math.imul(state ^ (state >>> 16), 0x2c1b3c6d);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  function give(target: object, name: string, value: unknown): void {
    defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
  }

  function takeAway(): void {
    for (let target: object | null = realm; target !== null && target !== Object.prototype;) {
      for (const name of ownKeys(target)) {
        if (typeof name !== "string" || name === "constructor" || KEPT.has(name)) continue;
        // What the runtime does not let go is hidden by a member of the same name.
        if (!deleteProperty(target, name)) defineProperty(realm, name, { value: undefined });
      }
      target = getPrototypeOf(target);
    }
  }

  function fixTime(): void {
    give(RealDate, "now", () => time);
    const FixedDate = new Proxy(RealDate, {
      construct(target, args: unknown[], newTarget) {
        const date: Date = construct(target, args.length === 0 ? [time] : args, newTarget);
        return date;
      },
      apply: () => new RealDate(time).toString(),
    });
    give(RealDate.prototype, "constructor", FixedDate);
    give(realm, "Date", FixedDate);
    give(realm, "performance", Object.freeze({ now: () => 0, timeOrigin: 0 }));
    const format = Intl.DateTimeFormat.prototype;
    const parts = getOwnPropertyDescriptor(format, "formatToParts")?.value ?? (() => []);
    give(format, "formatToParts", function formatToParts(this: Intl.DateTimeFormat, date?: Date | number) {
      const result: Intl.DateTimeFormatPart[] = Reflect.apply(parts, this, [date ?? time]);
      return result;
    });
    const getFormat = getOwnPropertyDescriptor(format, "format")?.get ?? (() => String);
    defineProperty(format, "format", {
      get(this: Intl.DateTimeFormat) {
        const bound: (date: Date | number) => string = Reflect.apply(getFormat, this, []);
        return (date?: Date | number) => bound(date ?? time);
      },
      configurable: true,
    });
  }

  function fixRandom(): void {
    give(Math, "random", () => (bits() * 0x200000 + (bits() >>> 11)) / 0x20000000000000);
    const getRandomValues = (target: ArrayBufferView): ArrayBufferView => {
      const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
      for (let i = 0; i < bytes.length; i++) bytes[i] = bits() & 0xff;
      return target;
    };
    const randomUUID = (): string =>
      "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replaceAll(/[xy]/g, (place) =>
        (place === "x" ? bits() & 15 : 8 + (bits() & 3)).toString(16),
      );
    give(realm, "crypto", Object.freeze({ getRandomValues, randomUUID }));
  }

  function shown(value: unknown): string {
    if (typeof value === "string") return value;
    try {
      const written: unknown = value instanceof Error ? String(value) : JSON.stringify(value);
      return typeof written === "string" ? written : String(value);
    } catch {
      return "(a value that cannot be shown)";
    }
  }

  function log(prefix: string, values: readonly unknown[]): void {
    if (isFull) return;
    let line = prefix;
    for (let i = 0; i < values.length && line.length < MAX_LOG; i++) {
      line += (i === 0 ? "" : " ") + shown(values[i]).slice(0, MAX_LOG);
    }
    if (lines.length >= MAX_LINES - 1 || logged + line.length > MAX_LOG) {
      isFull = true;
      line = `${line.slice(0, MAX_LOG - logged)} … (the rest is left out)`;
    }
    logged += line.length;
    lines.push(line);
  }

  function collectLines(): void {
    const console: Record<string, unknown> = {};
    for (const name of ["log", "info", "debug", "dir", "table", "trace"]) {
      console[name] = (...values: readonly unknown[]) => log("", values);
    }
    for (const name of ["warn", "error"]) {
      console[name] = (...values: readonly unknown[]) => log(`${name}: `, values);
    }
    for (const name of ["assert", "count", "group", "groupEnd", "time", "timeEnd", "timeLog"]) console[name] = () => {};
    give(realm, "console", Object.freeze(console));
  }

  /** Lets objects have members of the names that a frozen prototype has, such as the `name` of an error. */
  function allowOverrides(prototype: object): void {
    for (const name of ownKeys(prototype)) {
      const property = getOwnPropertyDescriptor(prototype, name);
      if (property?.writable !== true || property.configurable !== true) continue;
      const value: unknown = property.value;
      defineProperty(prototype, name, {
        get: () => value,
        set(this: object, own: unknown) {
          if (this === prototype) throw new TypeError(`${String(name)} of a built-in object cannot be changed`);
          defineProperty(this, name, { value: own, writable: true, enumerable: true, configurable: true });
        },
        enumerable: false,
        configurable: false,
      });
    }
  }

  function freezeAll(): void {
    const errors = [Error, AggregateError, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];
    for (const { prototype } of [Object, Function, ...errors]) allowOverrides(prototype);
    const withoutNames = [
      async () => {},
      function* generator() {},
      async function* generator() {},
      [][Symbol.iterator](),
      ""[Symbol.iterator](),
      "".matchAll(/x/g),
      new Map()[Symbol.iterator](),
      new Set()[Symbol.iterator](),
      new Intl.Segmenter().segment(""),
      Iterator.from({ next: () => ({ done: true, value: 0 }) }),
      [].values().map(() => 0),
    ];
    const left: unknown[] = [realm, ...withoutNames];
    const seen = new Set<unknown>();
    while (left.length > 0) {
      const value = left.pop();
      if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) continue;
      seen.add(value);
      left.push(getPrototypeOf(value));
      for (const name of ownKeys(value)) {
        const property = getOwnPropertyDescriptor(value, name);
        left.push(property?.value, property?.get, property?.set);
      }
      Object.freeze(value);
    }
  }

  takeAway();
  fixTime();
  fixRandom();
  collectLines();
  // A whole number that a double cannot hold is a BigInt to the code, and a number again in the result.
  if ("rawJSON" in JSON) {
    give(BigInt.prototype, "toJSON", function toJSON(this: bigint) {
      return JSON.rawJSON(String(this));
    });
  }
  freezeAll();
  return { fix, lines: () => lines, log };
}
