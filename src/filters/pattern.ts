import { RE2JS, RE2JSException } from "re2js";
import type { Budget } from "../model/budget.ts";
import { type Result, fail, ok } from "../model/result.ts";
import type { Test } from "./paths.ts";

const MAX_PATTERN = 300;
const MAX_PROGRAM = 500;
/** The cost of starting a match, in units of work: some hundred nanoseconds. */
const START = 15;
/** The cost of each state in a new set of states. Creating the set costs as much as NEW_SET_STATES states. */
const UNITS_PER_STATE = 3;
const NEW_SET_STATES = 10;
/** If a program has few states, one of this size costs twice as much as the smallest. */
const SIZE_OF_ONE_UNIT = 20;
// The matcher caches the sets of states that it has been in. Every choice of a pattern can double their number: with more
// choices than this, it may have to compute a new set at each character, state by state.
const MAX_CHOICES = 8;
const CHOICE = /[.[\\|?*+]/g;
// A repetition, and a flag for a part of the pattern, can contain more choices than are written.
const HIDDEN_CHOICES = /\{|\(\?(?!:)/;

const FLAGS = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL } as const;

function flagsOf(options: string): number | null {
  let flags = 0;
  for (const letter of options) {
    if (letter !== "i" && letter !== "m" && letter !== "s") return null;
    flags |= FLAGS[letter];
  }
  return flags;
}

function describe(error: RE2JSException): string {
  const reason = error.message
    .replace(/^error parsing regexp: /, "")
    .slice(0, 200)
    .toWellFormed();
  return `is not a pattern that can be used: ${reason}. The syntax is RE2's, without look-around and back-references`;
}

function compile(pattern: string, flags: number): Result<RE2JS, string> {
  try {
    return ok(RE2JS.compile(pattern, flags));
  } catch (error) {
    if (error instanceof RE2JSException) return fail(describe(error));
    throw error;
  }
}

/** Returns the highest cost of a character, in units of some 20 to 40 ns. */
function unitsPerCharacter(pattern: string, size: number): number {
  const hasFewStates = !HIDDEN_CHOICES.test(pattern) && (pattern.match(CHOICE)?.length ?? 0) <= MAX_CHOICES;
  return hasFewStates ? 1 + size / SIZE_OF_ONE_UNIT : UNITS_PER_STATE * (NEW_SET_STATES + size);
}

/** Compiles a regular expression to a test that takes linear time. */
export function patternTest(pattern: string, options: string, patterns: Budget): Result<Test, string> {
  const flags = flagsOf(options);
  if (flags === null) return fail("takes only the options i, m and s");
  if (pattern.length > MAX_PATTERN) return fail(`must be at most ${MAX_PATTERN} characters long`);
  if (patterns.remaining <= 0) return fail("is one pattern too many: together they are too large");
  const compiled = compile(pattern, flags);
  if (!compiled.ok) return compiled;
  const size = compiled.value.matcher("").programSize();
  patterns.charge(size);
  if (size > MAX_PROGRAM) return fail("is too large a pattern: use smaller repetition counts");
  const units = unitsPerCharacter(pattern, size);
  return ok((value, budget) => {
    if (typeof value !== "string") return false;
    budget.spend(START + value.length * units);
    return compiled.value.test(value);
  });
}
