import { parseExact } from "../../../../src/model/exact-json.ts";
import type { Signal } from "../../../../src/model/event.ts";
import { type Json, isJsonObject, isList } from "../../../../src/model/json.ts";
import { RULE_SETS } from "../../../../src/sources/rules/sets/index.ts";
import { prepareRules } from "../../../../src/sources/rules/rules.ts";
import { rulesShape } from "../../../../src/sources/rules/schema.ts";
import type { Interpreter, SourceEvent } from "../../../../src/sources/source.ts";
import type { Fixture } from "./fixtures.ts";

export const INTEGRATION = { id: "int_1", name: "Orchard", type: "rules" };

const INTERPRETERS: ReadonlyMap<string, Interpreter> = new Map(
  [...RULE_SETS.keys()].map((name) => [name, prepareRules(rulesShape().parse({ rule_set: name }), RULE_SETS)]),
);

type Sent = Pick<Fixture, "ruleSet" | "text" | "headers"> & { readonly method?: string; readonly query?: string };

/** Returns the events of a request to an integration with a rule set. Throws if the request is refused. */
export function read({ ruleSet, text, headers, method = "POST", query = "" }: Sent): readonly SourceEvent[] {
  const request = { method, query, headers, body: new TextEncoder().encode(text), text, is_utf8: true };
  const result = INTERPRETERS.get(ruleSet)?.(request, {
    integration: INTEGRATION,
    eventIdAt: (index) => `evt_${index}`,
  });
  if (result === undefined) throw new Error(`no rule set ${ruleSet}`);
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** Returns each value in a document and in JSON within its texts, with a function that replaces it in a copy. */
export function* leavesOf(value: Json, wrap: (changed: Json) => Json = (changed) => changed): Generator<Leaf> {
  if (isList(value)) {
    for (const [index, item] of value.entries()) yield* leavesOf(item, (changed) => wrap(value.with(index, changed)));
  } else if (isJsonObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      yield* leavesOf(member, (changed) => wrap({ ...value, [name]: changed }));
    }
  } else if (typeof value === "string" && value.startsWith('{"')) {
    yield* leavesOf(parseExact(value), (changed) => wrap(JSON.stringify(changed)));
  } else yield { value, replace: wrap };
}

export type Leaf = { readonly value: Json; readonly replace: (changed: Json) => Json };

type Creating = Extract<Signal, { action: "create" | "update" | "remind" }>;

export function openingsOf(events: readonly SourceEvent[]): readonly Creating[] {
  return events.flatMap(({ signal }) => (signal.action === "create" ? [signal] : []));
}

/** Returns the body of a fixture as JSON. A form is a map of its fields. */
export function documentOf({ text, isForm }: Fixture): Json {
  if (isForm) return Object.fromEntries(new URLSearchParams(text.trim()));
  return parseExact(text);
}

export function withDocument(fixture: Fixture, document: Json): Fixture {
  if (!fixture.isForm) return { ...fixture, text: JSON.stringify(document) };
  const fields = Object.entries(document ?? {}).map(([name, value]): [string, string] => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return { ...fixture, text: new URLSearchParams(fields).toString() };
}
