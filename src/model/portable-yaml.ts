import type { Document, ScalarTag, visit } from "yaml";
import { Digits } from "./digits.ts";
import { type Json, isJsonObject, isList } from "./json.ts";
import { parseJson, readNumber } from "./portable-json.ts";

// YAML with every digit of a number. The package is an argument: the programs load it when they need it.

type Yaml = {
  readonly parseDocument: (text: string, options: { readonly schema: "core" }) => Document.Parsed;
  readonly visit: typeof visit;
};

/** Stands for a number in a document. The package would write `Digits` as JSON. */
class Written {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function withDigits(value: Json): Json {
  if (value instanceof Written) return parseJson<Json>(value.text);
  if (isList(value)) return value.map(withDigits);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withDigits(member)]));
}

/** Reads YAML, which JSON is, too. Throws the package's error if the text is neither. */
export function parseYaml({ parseDocument, visit: each }: Yaml, text: string, maxAliasCount: number): Json {
  const document = parseDocument(text, { schema: "core" });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  each(document, {
    Scalar: (place, node) => {
      if (typeof node.value !== "number" || node.source === undefined) return;
      const exact: unknown = readNumber(node.source);
      if (exact instanceof Digits) node.value = place === "key" ? exact.toString() : new Written(exact.toString());
    },
  });
  const value: Json = document.toJS({ maxAliasCount });
  return withDigits(value);
}

/** Writes numbers with every digit: one of the `customTags` of a document. */
export const DIGITS_TAG = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  identify: (value) => value instanceof Digits,
  resolve: (text) => text,
  stringify: ({ value }) => String(value),
} as const satisfies ScalarTag;
