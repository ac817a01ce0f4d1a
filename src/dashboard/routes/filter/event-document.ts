import type { Event } from "../../../client/index.ts";
import { type Json, type JsonObject, isJsonObject, isList } from "../../../model/json.ts";
import { writeJson } from "../../../model/portable-json.ts";

/** A field of an event as a filter names it. */
export type Field = { readonly path: string; readonly value: Json };

const MAX_FIELDS = 400;
/** The gateway refuses longer paths. */
const MAX_PATH = 256;

type Source = Pick<Event, "id" | "integration_id" | "received_at" | "type" | "payload" | "headers" | "alert">;

/** The status that the alert had after an event of this type. The API shows the status that it has now. */
const STATUS_AFTER: Readonly<Record<string, string>> = {
  "alert.created": "open",
  "alert.repeated": "open",
  "alert.acknowledged": "acknowledged",
  "alert.resolved": "resolved",
};

function alertOf({ alert, type }: Source): JsonObject {
  if (alert === null || alert === undefined) return {};
  const { id, key, status, title, description, urgency, tags, meta, dedup_count } = alert;
  const after = STATUS_AFTER[type ?? ""] ?? status;
  return { alert: { id, key, status: after, title, description, urgency, tags, meta, dedup_count } };
}

/** Returns an event as filters see it: the body of its deliveries, and the sender's headers. */
export function documentOf(event: Source): JsonObject {
  const { id, integration_id, received_at, type, payload, headers } = event;
  // The gateway's own events and those of groups have their payload in the place of an event.
  const isOwn = integration_id === null || type === "event.group";
  const data = isOwn
    ? payload
    : { event: { payload, headers: headers ?? {}, id, integration_id, received_at }, ...alertOf(event) };
  return { type, timestamp: received_at, data };
}

function isNameable(name: string): boolean {
  return name !== "" && !name.includes(".") && !name.startsWith("$");
}

/** Returns the fields of a document that a filter can name. A list stands for each of its items. */
export function fieldsOf(document: JsonObject): readonly Field[] {
  const fields = new Map<string, Field>();
  const walk = (value: Json, path: string): void => {
    if (fields.size >= MAX_FIELDS || path.length > MAX_PATH) return;
    if (isList(value)) {
      for (const item of value) walk(item, path);
    } else if (isJsonObject(value)) {
      for (const [name, member] of Object.entries(value)) {
        if (isNameable(name)) walk(member, path === "" ? name : `${path}.${name}`);
      }
    } else {
      const key = writeJson([path, value]);
      if (!fields.has(key)) fields.set(key, { path, value });
    }
  };
  walk(document, "");
  return [...fields.values()];
}

/** The fields of many events: each path once, with its most frequent values first. */
export type KnownField = { readonly path: string; readonly values: readonly Json[] };

const MAX_VALUES = 20;
const MAX_PATHS = 500;

export function knownFields(documents: readonly JsonObject[]): readonly KnownField[] {
  const counts = new Map<string, Map<string, { readonly value: Json; readonly count: number }>>();
  for (const { path, value } of documents.flatMap(fieldsOf)) {
    const values = counts.get(path) ?? new Map<string, { readonly value: Json; readonly count: number }>();
    if (!counts.has(path) && counts.size >= MAX_PATHS) continue;
    // Equal numbers with more digits than a double are different objects.
    const text = writeJson(value);
    counts.set(path, values.set(text, { value, count: (values.get(text)?.count ?? 0) + 1 }));
  }
  return [...counts].map(([path, values]) => ({
    path,
    values: [...values.values()]
      .toSorted((a, b) => b.count - a.count)
      .slice(0, MAX_VALUES)
      .map(({ value }) => value),
  }));
}
