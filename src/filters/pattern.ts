import { RE2JS, RE2JSException } from "re2js";
import { type Result, fail, ok } from "../model/result.ts";
import type { Test } from "./paths.ts";
import { spend } from "./work.ts";

/** How large the patterns of a filter, or of several together, may still become, in instructions of the matcher. */
export type PatternAllowance = { left: number };

const LONGEST_PATTERN = 300;
const LARGEST_PROGRAM = 500;
/** A program of this size costs twice what the smallest does. */
const SIZE_OF_ONE_UNIT = 20;

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

/** A test of texts against a regular expression, in time that is linear in the text. */
export function patternTest(pattern: string, options: string, allowance: PatternAllowance): Result<Test, string> {
  const flags = flagsOf(options);
  if (flags === null) return fail("takes the options i, m and s only");
  if (pattern.length > LONGEST_PATTERN) return fail(`has to be at most ${LONGEST_PATTERN} characters long`);
  if (allowance.left <= 0) return fail("is one pattern too many: together they are too large");
  const compiled = compile(pattern, flags);
  if (!compiled.ok) return compiled;
  const size = compiled.value.matcher("").programSize();
  allowance.left -= size;
  if (size > LARGEST_PROGRAM) return fail("is too large a pattern: use smaller repetition counts");
  return ok((value, work) => {
    if (typeof value !== "string") return false;
    spend(work, 1 + value.length * (1 + size / SIZE_OF_ONE_UNIT));
    return compiled.value.test(value);
  });
}
