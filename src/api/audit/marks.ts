import { parseExact } from "../../model/exact-json.ts";
import { type Json, type JsonObject, isJsonObject, isList } from "../../model/json.ts";

// The audit trail shows which fields changed, and never a secret. What is stored sealed or hashed is recognized by the name of
// its property, so that a field that is added later is hidden, too.

/** Properties with secrets by other names: signing secrets, replaced credentials, and the address that accepts webhooks. */
const SECRET_NAMES: ReadonlySet<string> = new Set(["signing_secrets", "previous", "address", "token"]);
const SEALED = /^sealed_/;
const HASHED = /_hash$/;
/** Properties that change with every change, or never. */
const LEFT_OUT: ReadonlySet<string> = new Set(["id", "created_at", "updated_at"]);

/** A longer value is replaced by its length. */
const MAX_VALUE = 1_000;
/** The values of one side of an entry have at most this many characters together. */
const MAX_ENTRY = 8_000;

const WAS_SET = "secret";
const IS_SET = "set";
const IS_CHANGED = "changed";
const IS_UNCHANGED = "unchanged";

type Value = Json | undefined;

function isSecret(name: string): boolean {
  return SECRET_NAMES.has(name) || SEALED.test(name) || HASHED.test(name);
}

/** The name of a secret in the trail: without what says how it is stored, unless another property has that name. */
function shownName(name: string, beside: JsonObject): string {
  const plain = name.replace(SEALED, "").replace(HASHED, "");
  return plain !== name && Object.hasOwn(beside, plain) ? `secret_${plain}` : plain;
}

/** Whether a stored value holds no secret. */
function isEmpty(value: Value): boolean {
  return value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

/** The mark of a secret. `counterpart` is its value on the other side; undefined if it had none. */
function markOf(value: Value, counterpart: Value, isAfter: boolean): Json {
  if (value === undefined || value === null) return null;
  if (isJsonObject(value)) {
    const other = isJsonObject(counterpart) ? counterpart : {};
    return Object.fromEntries(Object.keys(value).map((key) => [key, markOf(value[key], other[key], isAfter)]));
  }
  if (!isAfter) return WAS_SET;
  if (isEmpty(counterpart)) return isEmpty(value) ? null : IS_SET;
  return JSON.stringify(value) === JSON.stringify(counterpart) ? IS_UNCHANGED : IS_CHANGED;
}

function hideSecrets(value: Json, counterpart: Value, isAfter: boolean): Json {
  if (isList(value)) {
    const other = isList(counterpart) ? counterpart : [];
    return value.map((item, index) => hideSecrets(item, other[index], isAfter));
  }
  if (!isJsonObject(value)) return value;
  const other = isJsonObject(counterpart) ? counterpart : {};
  const entries = Object.entries(value).map(([name, member]): [string, Json] =>
    isSecret(name)
      ? [shownName(name, value), markOf(member, other[name], isAfter)]
      : [name, hideSecrets(member, other[name], isAfter)],
  );
  return Object.fromEntries(entries);
}

/** Replaces values that are too long by their lengths. */
function bound(value: JsonObject): JsonObject {
  let left = MAX_ENTRY;
  const entries = Object.entries(value).map(([name, member]): [string, Json] => {
    const { length } = JSON.stringify(member);
    if (length > MAX_VALUE || length > left) return [name, `(${length} characters)`];
    left -= length;
    return [name, member];
  });
  return Object.fromEntries(entries);
}

function toJson(value: object): JsonObject {
  const copied = parseExact(JSON.stringify(value));
  return isJsonObject(copied) ? copied : {};
}

export type Differences = { readonly before: JsonObject | null; readonly after: JsonObject | null };

/**
 * The fields that differ between two stored states of a thing, without secrets. Null stands for a thing that does not exist.
 * Returns null if nothing differs.
 */
export function differences(before: object | null, after: object | null): Differences | null {
  const one = toJson(before ?? {});
  const other = toJson(after ?? {});
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => !LEFT_OUT.has(name));
  const changed = names.filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
  if (changed.length === 0 && before !== null && after !== null) return null;
  const pick = (from: JsonObject): JsonObject =>
    Object.fromEntries(changed.flatMap((name) => (Object.hasOwn(from, name) ? [[name, from[name] ?? null]] : [])));
  const [was, is] = [pick(one), pick(other)];
  const shown = (side: JsonObject, counterpart: JsonObject, isAfter: boolean): JsonObject | null => {
    const hidden = hideSecrets(side, counterpart, isAfter);
    return isJsonObject(hidden) ? bound(hidden) : null;
  };
  return {
    before: before === null ? null : shown(was, is, false),
    after: after === null ? null : shown(is, was, true),
  };
}
