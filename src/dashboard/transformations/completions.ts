import { type Json, type JsonObject, isJsonObject, isList } from "../../model/json.ts";
import { writeJson } from "../../model/portable-json.ts";
import type { Kind } from "./search.ts";

/** A name that can follow, and what it holds. */
export type Completion = { readonly label: string; readonly detail: string };

const MAX_DETAIL = 40;
const MAX_COMPLETIONS = 200;
const NAME = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;
const PARAMETERS =
  /export\s+default\s+(?:async\s+)?(?:function\s*\w*\s*)?\(?\s*([\p{L}_$][\w$]*)?\s*(?:,\s*([\p{L}_$][\w$]*))?/u;

const EVENT: JsonObject = {
  id: "evt_…",
  integration_id: "int_…",
  kind: "event",
  received_at: "2026-01-31T12:00:00.000Z",
  headers: {},
  payload: {},
};

/** What code gets before an event is known. */
const USUAL = {
  integration: EVENT,
  destination: {
    type: "event.received",
    timestamp: "2026-01-31T12:00:00.000Z",
    data: { event: EVENT, alert: { id: "alr_…", key: "", status: "open", title: "", description: "", urgency: null } },
  },
} as const satisfies Record<Kind, JsonObject>;

/** Returns the values that the parameters of the default function have, by their names in the code. */
function parametersOf(code: string, input: Json | undefined, kind: Kind): ReadonlyMap<string, Json> {
  const [, first = "event", second = "context"] = PARAMETERS.exec(code) ?? [];
  return new Map<string, Json>([
    [first, input ?? USUAL[kind]],
    [second, { now: "2026-01-31T12:00:00.000Z" }],
  ]);
}

function membersOf(value: Json | undefined): readonly (readonly [string, Json])[] {
  // A list stands for its items, which code mostly walks over.
  const shown = isList(value) ? value.find(isJsonObject) : value;
  return isJsonObject(shown) ? Object.entries(shown) : [];
}

/**
 * Returns the names that can follow a path such as `event.payload.`, by the value that the code gets in the preview. `input` is
 * undefined if none is known.
 */
export function completionsFor(code: string, path: string, input: Json | undefined, kind: Kind): readonly Completion[] {
  const [root = "", ...names] = path.split(".").slice(0, -1);
  let value = parametersOf(code, input, kind).get(root);
  for (const name of names) value = membersOf(value).find(([each]) => each === name)?.[1];
  return membersOf(value)
    .filter(([name]) => NAME.test(name))
    .slice(0, MAX_COMPLETIONS)
    .map(([label, member]) => ({ label, detail: writeJson(member).slice(0, MAX_DETAIL) }));
}
