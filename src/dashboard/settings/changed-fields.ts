import type { AuditEntry } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";

export type ChangedField = { readonly name: string; readonly before: string | null; readonly after: string | null };

function textOf(values: ReadonlyMap<string, unknown>, name: string): string | null {
  if (!values.has(name)) return null;
  const value = values.get(name);
  return typeof value === "string" ? value : writeJson(value);
}

/** Returns each field of an entry with its value before and after the change; null if it has none. */
export function changedFields({ before, after }: Pick<AuditEntry, "before" | "after">): readonly ChangedField[] {
  const [old, now] = [before, after].map((values) => new Map<string, unknown>(Object.entries(values ?? {})));
  const names = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
  return [...names].map((name) => ({
    name,
    before: old === undefined ? null : textOf(old, name),
    after: now === undefined ? null : textOf(now, name),
  }));
}
