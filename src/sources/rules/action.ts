import { SHARED_NAMESPACE, type Signal } from "../../model/event.ts";
import type { FieldError } from "../../model/result.ts";
import { boundAlertFields } from "../reading/bounds.ts";
import { type ActionInput, type CreateAction, compileFields } from "./action-fields.ts";
import type { RuleAction } from "./sets/rule-set.ts";
import { compileText, compileTexts } from "./template.ts";

type Identity = { readonly namespace: string; readonly key: string; readonly aliases?: readonly string[] };
type Errors = FieldError[];

/** The result of an action. `test`: the sender's user tried the connection out. */
export type Acted = { readonly signal: Signal; readonly test?: true };
export type Act = (input: ActionInput) => Acted;

const MAX_KEY = 1_000;
const MAX_NOTE = 1_000;

/** Returns a key that the alerts table can store. A long key keeps its start and gets a checksum of the whole. */
function keyOf(text: string): string {
  const key = text.replaceAll("\u0000", "\ufffd");
  if (key.length <= MAX_KEY) return key;
  let sum = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(key)) sum = BigInt.asUintN(64, (sum ^ BigInt(byte)) * 0x100000001b3n);
  return `${key.slice(0, MAX_KEY - 20).toWellFormed()}#${sum.toString(16)}`;
}

function compileIdentity(
  given: Pick<CreateAction, "thirdparty_id" | "dedup_keys">,
  at: string,
  errors: Errors,
): (input: ActionInput) => Identity | null {
  const thirdpartyId = compileText(given.thirdparty_id, `${at}.thirdparty_id`, errors);
  const dedupKeys = compileTexts(given.dedup_keys, `${at}.dedup_keys`, errors);
  return (input) => {
    const [key, ...aliases] = new Set(dedupKeys(input).map(keyOf));
    if (key !== undefined) {
      return { namespace: SHARED_NAMESPACE, key, ...(aliases.length > 0 ? { aliases } : {}) };
    }
    const id = thirdpartyId(input);
    return id === "" ? null : { namespace: input.integration.id, key: keyOf(id) };
  };
}

function noteOf({ notes }: ActionInput): string | null {
  return notes.length === 0 ? null : notes.join(" ").slice(0, MAX_NOTE).toWellFormed();
}

function compileCreate(given: CreateAction, at: string, errors: Errors): Act {
  const identity = compileIdentity(given, at, errors);
  const fields = compileFields(given, at, errors);
  return (input) => {
    const known = identity(input);
    if (known === null && given.thirdparty_id !== undefined) {
      input.notes.push("thirdparty_id is blank, so that the alert has a key of its own.");
    }
    const bounded = boundAlertFields(fields(input));
    if (bounded.cut.length > 0)
      input.notes.push(`Cut, because they are too large for an alert: ${bounded.cut.join(", ")}.`);
    // Without a key, the event's id makes it the same alert if this runs twice, and never that of another event.
    const { namespace, key, ...rest } = known ?? { namespace: input.integration.id, key: input.eventId };
    const { fields: kept } = bounded;
    return { signal: { action: "create", namespace, key, ...rest, fields: kept, note: noteOf(input) } };
  };
}

/** Compiles an action and adds the faults of its templates to the errors. `at` is its path in the options. */
export function compileAction(given: RuleAction, at: string, errors: Errors): Act {
  switch (given.type) {
    case "create":
      return compileCreate(given, at, errors);
    case "acknowledge":
    case "resolve": {
      const { type: action } = given;
      const identity = compileIdentity(given, at, errors);
      return (input) => {
        const known = identity(input);
        if (known !== null) return { signal: { action, ...known, note: noteOf(input) } };
        input.notes.push(`thirdparty_id is blank, so that there is no alert to ${action}.`);
        return { signal: { action: "ignore", note: noteOf(input) ?? "" } };
      };
    }
    case "receive":
    case "test": {
      const reason = compileText(given.reason, `${at}.reason`, errors);
      const facts = given.type === "test" ? ({ test: true } as const) : {};
      return (input) => {
        const text = reason(input);
        if (text !== "") input.notes.push(text);
        return { signal: { action: "receive", note: noteOf(input) }, ...facts };
      };
    }
    case "ignore": {
      const reason = compileText(given.reason, `${at}.reason`, errors);
      return (input) => {
        const text = reason(input);
        input.notes.push(text === "" ? "A rule ignores it." : text);
        return { signal: { action: "ignore", note: noteOf(input) ?? "" } };
      };
    }
  }
}
