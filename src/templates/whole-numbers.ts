import { Digits } from "../model/digits.ts";

// Arithmetic on whole numbers that a double cannot hold. Everything else is LiquidJS's own.

/** More digits are calculated as a double: each operation then has a bounded cost. */
const MAX_DIGITS = 100;
const WHOLE = /^-?\d{1,100}$/;

/** Returns a whole number with all of its digits; null for any other value. */
function wholeOf(value: unknown): bigint | null {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : null;
  const text = value instanceof Digits ? value.toString() : value;
  return typeof text === "string" && WHOLE.test(text) ? BigInt(text) : null;
}

function isSafe(value: bigint): boolean {
  return Number.isSafeInteger(Number(value)) && BigInt(Number(value)) === value;
}

/** Returns a number that a double can hold as one, and any other with all of its digits. */
function shown(value: bigint): number | Digits | null {
  if (isSafe(value)) return Number(value);
  const text = value.toString();
  return text.length > MAX_DIGITS ? null : new Digits(text);
}

type Operation = (left: bigint, right: bigint) => bigint | null;

const BINARY: Readonly<Record<string, Operation>> = {
  plus: (left, right) => left + right,
  minus: (left, right) => left - right,
  times: (left, right) => left * right,
  modulo: (left, right) => (right === 0n ? null : left % right),
  // A quotient with a fraction is a double.
  divided_by: (left, right) => (right !== 0n && left % right === 0n ? left / right : null),
  at_least: (left, right) => (left > right ? left : right),
  at_most: (left, right) => (left < right ? left : right),
};

const UNARY: Readonly<Record<string, (value: bigint) => bigint>> = {
  abs: (value) => (value < 0n ? -value : value),
  ceil: (value) => value,
  floor: (value) => value,
  round: (value) => value,
  to_integer: (value) => value,
};

/**
 * Returns the result of a filter over whole numbers, if a double could not hold one of them or the result; null if LiquidJS's own
 * filter gives it.
 */
export function calculateWhole(name: string, value: unknown, args: readonly unknown[]): number | Digits | null {
  const left = wholeOf(value);
  if (left === null) return null;
  const unary = args.length === 0 ? UNARY[name] : undefined;
  if (unary !== undefined) return isSafe(left) ? null : shown(unary(left));
  const binary = BINARY[name];
  const right = args.length === 1 ? wholeOf(args[0]) : null;
  const result = binary === undefined || right === null ? null : binary(left, right);
  if (right === null || result === null) return null;
  return isSafe(left) && isSafe(right) && isSafe(result) ? null : shown(result);
}

/** Returns the sum of numbers and of texts that are numbers. Other values count as 0. */
export function sumOf(values: readonly unknown[]): number | Digits {
  let whole: bigint | null = 0n;
  let sum = 0;
  for (const value of values) {
    const number =
      value instanceof Digits || (typeof value === "string" && value.length < MAX_DIGITS) ? Number(value) : value;
    if (typeof number !== "number" || Number.isNaN(number)) continue;
    const exact = wholeOf(value);
    whole = whole === null || exact === null ? null : whole + exact;
    sum += number;
  }
  const exact = whole === null || isSafe(whole) ? null : shown(whole);
  return exact ?? sum;
}
