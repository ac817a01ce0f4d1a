import type { JsonObject } from "../../model/json.ts";
import { writeJson } from "../../model/portable-json.ts";
import { type Node, readMatch } from "./filter/match-tree.ts";
import { LIST_OPERATORS, OPERATORS, VALUELESS_OPERATORS } from "./filter/operators.ts";

const WORDS = { all: " and ", any: " or ", none: " or " } as const;

function textOf(node: Node): string {
  switch (node.kind) {
    case "raw":
      return writeJson(node.query);
    case "condition": {
      const { path, test } = node;
      const { operator, value, values } = test;
      // The last two names of a path say enough in a list.
      const name = path.replace(/^data\.(?:event\.payload\.|event\.|)/u, "");
      const label = OPERATORS.find((each) => each.value === operator)?.label ?? operator;
      if (VALUELESS_OPERATORS.includes(operator)) return `${name} ${label}`;
      return `${name} ${label} ${LIST_OPERATORS.includes(operator) ? values.join(", ") : writeJson(value)}`;
    }
    case "group": {
      const text = node.items.map(textOf).join(WORDS[node.combination]);
      return node.combination === "none" ? `not (${text})` : `(${text})`;
    }
  }
}

/** A filter in words, for a list. */
export function matchText(match: JsonObject): string {
  const tree = readMatch(match);
  const text = textOf(tree);
  return tree.combination === "none" ? text : text.slice(1, -1);
}
