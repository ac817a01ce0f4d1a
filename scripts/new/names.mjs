import { NewError } from "./new-error.mjs";

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const MAX_NAME = 40;
// Words that cannot name a constant of a module.
const RESERVED = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false " +
    "finally for function if implements import in instanceof interface let new null package private protected public return " +
    "static super switch this throw true try typeof undefined var void while with yield"
  ).split(" "),
);

/** @typedef {{ name: string, constant: string, title: string }} Names */

/**
 * Checks a name and returns the spellings of it: `acme-alerts`, `acmeAlerts` and `Acme Alerts`.
 * @param {string} name
 * @returns {Names}
 */
export function namesOf(name) {
  if (!NAME.test(name) || name.length > MAX_NAME) {
    throw new NewError(
      `"${name}" is not a name: use at most ${MAX_NAME} lower-case letters and digits, with single hyphens between them.`,
    );
  }
  const words = name.split("-");
  const capitalized = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const constant = [words[0], ...capitalized.slice(1)].join("");
  if (RESERVED.has(constant)) throw new NewError(`"${name}" is a reserved word of JavaScript: choose another name.`);
  return { name, constant, title: capitalized.join(" ") };
}
