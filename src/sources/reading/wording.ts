import type { AdditionalDatum } from "../../model/alert.ts";
import type { Json } from "../../model/json.ts";

// Texts of an alert from a sender's values.

/** Returns a text, number or boolean as trimmed text; "" for any other value. */
export function textOf(value: Json | undefined): string {
  if (typeof value === "string") return value.trim().toWellFormed();
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** Returns the first text that is not blank; "" if all are. */
export function firstOf(...values: readonly (Json | undefined)[]): string {
  return values.map(textOf).find((text) => text !== "") ?? "";
}

/** Returns `{subject}: {detail}`, or the one of them that is not empty, or `otherwise`. */
export function titleOf(subject: string, detail: string, otherwise: string): string {
  const parts = [subject, detail].filter((part) => part !== "");
  return parts.length === 0 ? otherwise : parts.join(": ");
}

/** Returns a line for each text that is not empty: `Label: text`, or only the text if the label is "". */
export function linesOf(entries: readonly (readonly [label: string, text: string])[]): string {
  return entries
    .filter(([, text]) => text !== "")
    .map(([label, text]) => (label === "" ? text : `${label}: ${text}`))
    .join("\n");
}

/** Removes empty texts and duplicates. */
export function tagsOf(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter((text) => text !== ""))];
}

function isWebLink(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === "https:" || url.protocol === "http:");
}

/** Returns a datum, which is a link if the text is a web address; none if the text is empty. */
export function linkDatum(label: string, text: string): readonly AdditionalDatum[] {
  if (text === "") return [];
  return [{ format: isWebLink(text) ? "link" : "text", label, value: text }];
}

export function textDatum(label: string, text: string): readonly AdditionalDatum[] {
  return text === "" ? [] : [{ format: "text", label, value: text }];
}

// ISO 8601 or the format of mail. Date.parse alone would accept almost any text that ends in a number.
const STARTS_WITH_DATE = /^(?:\d{4}-\d{2}-\d{2}(?:[T ]\d|$)|(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d)/;

/** Returns whether a text is a date, with or without a time. */
export function isTime(text: string): boolean {
  return STARTS_WITH_DATE.test(text) && !Number.isNaN(Date.parse(text));
}

/** Returns a datum, which is a time if the text is one; none if the text is empty. */
export function timeDatum(label: string, text: string): readonly AdditionalDatum[] {
  return text === "" ? [] : [{ format: isTime(text) ? "datetime" : "text", label, value: text }];
}

/** Returns seconds since 1970 as an ISO time; any other value as text. */
export function timeOfSeconds(value: Json | undefined): string {
  if (typeof value !== "number") return textOf(value);
  const time = new Date(value * 1000);
  return Number.isNaN(time.getTime()) ? String(value) : time.toISOString();
}
