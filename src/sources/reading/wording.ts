import type { AdditionalDatum } from "../../model/alert.ts";
import type { Json } from "../../model/json.ts";

// How what a sender says is put into the words of an alert.

/** A text, number or boolean as a text without the space around it; "" for anything else. */
export function textOf(value: Json | undefined): string {
  if (typeof value === "string") return value.trim().toWellFormed();
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** The first that says something; "" where none does. */
export function firstOf(...values: readonly (Json | undefined)[]): string {
  return values.map(textOf).find((text) => text !== "") ?? "";
}

/** `{subject}: {detail}`, or the one that there is, or what is said where there is neither. */
export function titleOf(subject: string, detail: string, otherwise: string): string {
  const parts = [subject, detail].filter((part) => part !== "");
  return parts.length === 0 ? otherwise : parts.join(": ");
}

/** One line for each that says something: `Label: text`, or the text alone where the label is "". */
export function linesOf(entries: readonly (readonly [label: string, text: string])[]): string {
  return entries
    .filter(([, text]) => text !== "")
    .map(([label, text]) => (label === "" ? text : `${label}: ${text}`))
    .join("\n");
}

/** The texts without blanks and duplicates. */
export function tagsOf(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter((text) => text !== ""))];
}

function isWebLink(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === "https:" || url.protocol === "http:");
}

/** A datum that is a link where the text is one; none where there is nothing to say. */
export function linkDatum(label: string, text: string): readonly AdditionalDatum[] {
  if (text === "") return [];
  return [{ format: isWebLink(text) ? "link" : "text", label, value: text }];
}

export function textDatum(label: string, text: string): readonly AdditionalDatum[] {
  return text === "" ? [] : [{ format: "text", label, value: text }];
}

// As in ISO 8601 or in mail: Date.parse makes a date of almost any text that ends in a number.
const STARTS_WITH_DATE = /^(?:\d{4}-\d{2}-\d{2}(?:[T ]\d|$)|(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d)/;

/** Whether a text is a date, or a date and a time, that can be shown as one. */
export function isTime(text: string): boolean {
  return STARTS_WITH_DATE.test(text) && !Number.isNaN(Date.parse(text));
}

/** A datum that is a time where the text is one; none where there is nothing to say. */
export function timeDatum(label: string, text: string): readonly AdditionalDatum[] {
  return text === "" ? [] : [{ format: isTime(text) ? "datetime" : "text", label, value: text }];
}

/** Seconds since 1970 as an ISO time; anything else as it was written. */
export function timeOfSeconds(value: Json | undefined): string {
  if (typeof value !== "number") return textOf(value);
  const time = new Date(value * 1000);
  return Number.isNaN(time.getTime()) ? String(value) : time.toISOString();
}
