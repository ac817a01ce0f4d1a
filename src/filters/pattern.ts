import { RE2JS, RE2JSException } from "re2js";
import type { Budget } from "../model/budget.ts";
import { type Result, fail, ok } from "../model/result.ts";
import type { Test } from "./paths.ts";

const MAX_PATTERN = 300;
const MAX_PROGRAM = 500;
/** What starting to match costs, in units of work: some hundred nanoseconds. */
const START = 15;
/** What a place of a new set costs; making the set costs as much as so many. */
const UNITS_PER_PLACE = 3;
const NEW_PLACES = 10;
/** A program of this size costs twice what the smallest does, where its states are few. */
const SIZE_OF_ONE_UNIT = 20;
// The matcher remembers which sets of its program's places it has been in. Every choice can double their number; above so
// many choices it may have to work out a new set at each character, place by place.
const MAX_CHOICES = 8;
const CHOICE = /[.[\\|?*+]/g;
// What is repeated, or folded in parts, may hold more choices than are written.
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
  const said = error.message
    .replace(/^error parsing regexp: /, "")
    .slice(0, 200)
    .toWellFormed();
  return `is not a pattern that can be used: ${said}. Patterns are RE2's, without look-around and back-references`;
}

function compile(pattern: string, flags: number): Result<RE2JS, string> {
  try {
    return ok(RE2JS.compile(pattern, flags));
  } catch (error) {
    if (error instanceof RE2JSException) return fail(describe(error));
    throw error;
  }
}

/** What a character costs at worst, in units of work of some 20 to 40 ns. */
function unitsPerCharacter(pattern: string, size: number): number {
  const hasFewStates = !HIDDEN_CHOICES.test(pattern) && (pattern.match(CHOICE)?.length ?? 0) <= MAX_CHOICES;
  return hasFewStates ? 1 + size / SIZE_OF_ONE_UNIT : UNITS_PER_PLACE * (NEW_PLACES + size);
}

/** A test of texts against a regular expression, in time that is linear in the text. */
export function patternTest(pattern: string, options: string, patterns: Budget): Result<Test, string> {
  const flags = flagsOf(options);
  if (flags === null) return fail("takes the options i, m and s only");
  if (pattern.length > MAX_PATTERN) return fail(`has to be at most ${MAX_PATTERN} characters long`);
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
