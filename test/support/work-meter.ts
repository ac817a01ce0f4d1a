/** A call that is made. `from` is where a pattern begins to search. */
type Made = {
  readonly subject: unknown;
  readonly args: readonly unknown[];
  readonly result: unknown;
  readonly from: number;
};
/** Returns the steps of a call. */
type Cost = (made: Made) => number;
type Patch = { readonly on: object; readonly name: PropertyKey; readonly cost: Cost };

const { apply, getOwnPropertyDescriptor, defineProperty } = Reflect;
const keysOf = Object.keys;
const isArray = Array.isArray;

function sizeOf(value: unknown): number {
  if (typeof value === "string" || isArray(value) || value instanceof Uint8Array) return value.length;
  return typeof value === "object" && value !== null ? keysOf(value).length : 1;
}

const one: Cost = () => 1;
const ofSubject: Cost = ({ subject }) => 1 + sizeOf(subject);
const ofFirst: Cost = ({ args }) => 1 + sizeOf(args[0]);
const ofResult: Cost = ({ result }) => 1 + sizeOf(result);
/** A search goes from its start to where it finds something, or to the end. */
const ofSearch: Cost = ({ subject, args, result }) => {
  const start = typeof args[1] === "number" ? args[1] : 0;
  const end = typeof result === "number" && result >= 0 ? result : sizeOf(subject);
  return 1 + Math.max(0, end - start);
};

/** A match ends with what it has found, or with the text. A sticky pattern is tried at one place only. */
const ofMatch: Cost = ({ subject, args, result, from }) => {
  const found = isArray(result) ? Number(getOwnPropertyDescriptor(result, "index")?.value) + sizeOf(result[0]) : null;
  const isSticky = subject instanceof RegExp && subject.sticky;
  return 1 + Math.max(0, (found ?? (isSticky ? from : sizeOf(args[0]))) - from);
};

function patchesOf(on: object, names: string, cost: Cost): readonly Patch[] {
  return names.split(" ").map((name) => ({ on, name, cost }));
}

const PATCHES: readonly Patch[] = [
  ...patchesOf(String.prototype, "indexOf", ofSearch),
  ...patchesOf(String.prototype, "charCodeAt codePointAt charAt at slice substring startsWith endsWith", one),
  ...patchesOf(String.prototype, "includes lastIndexOf split replace replaceAll trim trimStart trimEnd", ofSubject),
  ...patchesOf(String.prototype, "toLowerCase toUpperCase normalize isWellFormed toWellFormed", ofSubject),
  ...patchesOf(String.prototype, "repeat padStart padEnd concat", ofResult),
  { on: String.prototype, name: Symbol.iterator, cost: ofSubject },
  ...patchesOf(Array.prototype, "push pop shift at", one),
  ...patchesOf(Array.prototype, "concat slice flatMap flat map filter toSorted toReversed with join", ofSubject),
  ...patchesOf(Array.prototype, "includes indexOf find findLast findIndex some every reduce sort unshift", ofSubject),
  ...patchesOf(RegExp.prototype, "exec", ofMatch),
  ...patchesOf(Object.getPrototypeOf([].values()), "next", one),
  ...patchesOf(Object, "keys values entries fromEntries assign", ofResult),
  ...patchesOf(Map.prototype, "get set has delete", one),
  ...patchesOf(Set.prototype, "add has delete", one),
  ...patchesOf(JSON, "parse", ofFirst),
  ...patchesOf(JSON, "stringify", ofResult),
  ...patchesOf(TextDecoder.prototype, "decode", ofFirst),
  ...patchesOf(TextEncoder.prototype, "encode", ofFirst),
  ...patchesOf(Uint8Array.prototype, "toBase64", ofSubject),
  ...patchesOf(Object.getPrototypeOf(Uint8Array.prototype), "indexOf", ofSearch),
  ...patchesOf(Object.getPrototypeOf(Uint8Array.prototype), "slice", ofResult),
  ...patchesOf(Object.getPrototypeOf(Uint8Array.prototype), "set", ofFirst),
];

type Counter = { steps: number };

/** Puts functions that count in place of the language's own. Returns a function that undoes it. */
function install(counter: Counter): () => void {
  const undo: (() => void)[] = [];
  const replace = (on: object, name: PropertyKey, count: (made: Made) => number): void => {
    const present = getOwnPropertyDescriptor(on, name);
    const original: unknown = present?.value;
    if (typeof original !== "function") throw new TypeError(`There is no function ${String(name)}.`);
    const value = function counted(this: unknown, ...args: unknown[]): unknown {
      const from = this instanceof RegExp && (this.global || this.sticky) ? this.lastIndex : 0;
      const result: unknown = apply(original, this, args);
      counter.steps += count({ subject: this, args, result, from });
      return result;
    };
    defineProperty(on, name, { ...present, value });
    undo.push(() => defineProperty(on, name, { ...present }));
  };
  for (const { on, name, cost } of PATCHES) replace(on, name, cost);
  return () => {
    for (let at = undo.length - 1; at >= 0; at -= 1) undo[at]?.();
  };
}

/**
 * Runs a function and returns the steps that it took: the characters, items and members that the functions of the language
 * read or made for it. They are the same in every run, unlike a time. What operators and syntax do is not counted.
 */
export function stepsOf(run: () => unknown): number {
  const counter: Counter = { steps: 0 };
  const uninstall = install(counter);
  try {
    run();
  } finally {
    uninstall();
  }
  return counter.steps;
}

/** The same for a function that waits. Nothing else may run meanwhile. */
export async function stepsOfWaiting(run: () => Promise<unknown>): Promise<number> {
  const counter: Counter = { steps: 0 };
  const uninstall = install(counter);
  try {
    await run();
  } finally {
    uninstall();
  }
  return counter.steps;
}
