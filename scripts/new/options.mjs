import { parseArgs } from "node:util";
import { namesOf } from "./names.mjs";
import { NewError } from "./new-error.mjs";
import { preset } from "./preset.mjs";
import { provider } from "./provider.mjs";
import { ruleSet } from "./rule-set.mjs";
import { scheme } from "./scheme.mjs";
import { source } from "./source.mjs";

/** What each kind writes. */
export const KINDS = { scheme, provider, source, preset, "rule-set": ruleSet };

/** @typedef {keyof typeof KINDS} Kind */

export const USAGE = `Usage: npm run new -- KIND NAME

Writes a working module with its line in the registry, a fixture, a test and a page of the documentation.
It never overwrites a file. NAME has lower-case letters and digits, with single hyphens between them.

  scheme NAME     how a sender signs its requests (src/signing/schemes)
  provider NAME   a type of destination (src/delivery/providers)
  source NAME     a type of integration (src/sources)
  preset NAME     the message format of a product (src/delivery/presets)
  rule-set NAME   ready-made rules for a product (src/sources/rules/sets)

docs/contributing/ has a page for each kind.`;

/**
 * @param {string} word
 * @returns {word is Kind}
 */
function isKind(word) {
  return Object.hasOwn(KINDS, word);
}

/**
 * Reads the command line; null if it asks for help.
 * @param {string[]} args
 * @returns {{ kind: Kind, name: import("./names.mjs").Names } | null}
 */
export function readOptions(args) {
  const { values, positionals } = parse(args);
  if (values.help === true) return null;
  const [kind = "", name = "", ...others] = positionals;
  if (!isKind(kind) || name === "" || others.length > 0) {
    const reason = kind === "" || isKind(kind) ? "A kind and a name are required." : `"${kind}" is not a kind.`;
    throw new NewError(`${reason}\n\n${USAGE}`);
  }
  return { kind, name: namesOf(name) };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { help: { type: "boolean" } } });
  } catch (error) {
    throw new NewError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
