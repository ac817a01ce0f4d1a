import type { AlertFields } from "../../model/alert.ts";
import type { Json } from "../../model/json.ts";

// An alert's fields are stored in one database row of at most 2 MB, as JSON inside JSON. The payload still contains all that
// was sent. Sizes are in UTF-8 bytes after both escapings.
const MAX_BYTES = {
  title: 16_000,
  description: 700_000,
  tags: 32_000,
  meta: 128_000,
  additional_data: 128_000,
} as const;

/** A request of fewer bytes than this cannot exceed any of these limits. */
export const SAFE_BYTES = 4_000;

const encoder = new TextEncoder();

function bytesOf(value: Json): number {
  return encoder.encode(JSON.stringify(JSON.stringify(value))).byteLength;
}

function bytesOfUnit(code: number): number {
  if (code < 0x20) return 7;
  if (code === 0x22 || code === 0x5c) return 4;
  if (code < 0x80) return 1;
  return code < 0x800 ? 2 : 3;
}

function cutText(text: string, maxBytes: number): string {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    bytes += bytesOfUnit(text.charCodeAt(i));
    if (bytes <= maxBytes) continue;
    const kept = text.slice(0, i);
    return kept.isWellFormed() ? kept : kept.slice(0, -1);
  }
  return text;
}

/** Returns the first items that fit. */
function takeFitting<T>(items: readonly T[], maxBytes: number, sizeOf: (item: T) => number): readonly T[] {
  let bytes = 0;
  for (const [index, item] of items.entries()) {
    bytes += sizeOf(item);
    if (bytes > maxBytes) return items.slice(0, index);
  }
  return items;
}

/** Cuts the fields to what an alert can store. Returns them and the names of those that were cut. */
export function boundAlertFields(fields: AlertFields): {
  readonly fields: AlertFields;
  readonly cut: readonly string[];
} {
  const metaEntries = Object.entries(fields.meta);
  const metaKept = takeFitting(metaEntries, MAX_BYTES.meta, ([name, value]) => bytesOf(name) + bytesOf(value));
  const bounded: AlertFields = {
    title: cutText(fields.title, MAX_BYTES.title),
    description: cutText(fields.description, MAX_BYTES.description),
    urgency: fields.urgency,
    tags: takeFitting(fields.tags, MAX_BYTES.tags, bytesOf),
    meta: metaKept.length === metaEntries.length ? fields.meta : Object.fromEntries(metaKept),
    incident: fields.incident && {
      severity: fields.incident.severity,
      message: cutText(fields.incident.message, MAX_BYTES.title),
    },
    additional_data: takeFitting(
      fields.additional_data,
      MAX_BYTES.additional_data,
      (datum) => bytesOf(datum.label) + bytesOf(datum.value) + bytesOf(datum.format),
    ),
  };
  const cut: string[] = [];
  if (bounded.title !== fields.title) cut.push("title");
  if (bounded.description !== fields.description) cut.push("description");
  if (bounded.tags !== fields.tags) cut.push("tags");
  if (bounded.meta !== fields.meta) cut.push("meta");
  if (bounded.incident?.message !== fields.incident?.message) cut.push("incident");
  if (bounded.additional_data !== fields.additional_data) cut.push("additional_data");
  return { fields: bounded, cut };
}
