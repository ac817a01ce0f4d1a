import type { BudgetSource } from "../../model/budget.ts";
import type { JsonObject } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { parseTemplate, renderTemplate } from "../../templates/liquid.ts";
import { cleanKey } from "./document-key.ts";

const MAX_KEY_BYTES = 1_024;

export const ADDRESSINGS = ["path", "virtual_host"] as const;
export type Addressing = (typeof ADDRESSINGS)[number];

/** Returns the key of a delivery's object. The error is for the log. */
export function objectKey(
  folder: string,
  template: string,
  scope: JsonObject,
  work?: BudgetSource,
): Result<string, string> {
  const parsed = parseTemplate(template);
  if (!parsed.ok) return fail(`The object's key ${parsed.error}.`);
  const rendered = renderTemplate(parsed.value, scope, work);
  if (!rendered.ok) return rendered;
  const name = cleanKey(rendered.value);
  if (name === "") return fail("The template of the object's key gives an empty text for this event.");
  const key = folder + name;
  if (new TextEncoder().encode(key).byteLength <= MAX_KEY_BYTES) return ok(key);
  // A key that is too long is not cut: two objects could then get the same key.
  return fail("The template of the object's key gives more than the 1,024 bytes that a key can have.");
}

/** Escapes all but the characters that RFC 3986 does not reserve, as the signature of AWS does. */
function escape(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Returns the address of an object below an endpoint. */
export function objectUrl(url: Readonly<URL>, bucket: string, key: string, addressing: Addressing): string {
  const base = url.pathname.replace(/\/+$/, "");
  const path = key.split("/").map(escape).join("/");
  if (addressing === "path") return `${url.origin}${base}/${bucket}/${path}`;
  return `${url.protocol}//${bucket}.${url.host}${base}/${path}`;
}
