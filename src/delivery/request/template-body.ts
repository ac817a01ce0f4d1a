import type { BudgetSource } from "../../model/budget.ts";
import type { Captured } from "../../model/captured.ts";
import type { Destination, Payload } from "../../model/destination.ts";
import type { JsonObject } from "../../model/json.ts";
import { type Deliverable, exactDocumentOf, scopeOf } from "../../model/envelope.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { LruMap } from "../../platform/lru.ts";
import { type Template, parseTemplate, renderTemplate } from "../../templates/liquid.ts";
import type { Body } from "./rendered-body.ts";
import { jsonFault } from "./json-error-position.ts";
import { formatFor, formattedBody } from "./template-formats.ts";

const MAX_CHARACTERS = 500_000;
/** What a short template counts for, so that at most 200 are kept. */
const MIN_CHARACTERS = 2_500;
/** Compiled templates: to compile one costs more than to render it. */
const compiled = new LruMap<string, Result<Template, string>>({
  max: MAX_CHARACTERS,
  weightOf: (text) => Math.max(MIN_CHARACTERS, text.length),
});
const encoder = new TextEncoder();
/** The work of parsing a character of the content. */
const UNITS_PER_CHARACTER = 0.5;

function compile(text: string, contentType: string): Result<Template, string> {
  const format = formatFor(contentType);
  // The same text is another template in another format.
  const name = `${format === null ? "" : contentType}\n${text}`;
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const template = parseTemplate(text, format);
  compiled.set(name, template);
  return template;
}

/** Returns true if a body of this content type must be JSON. */
export function isJsonType(contentType: string): boolean {
  const essence = contentType.split(";", 1).join("").trim().toLowerCase();
  return essence === "application/json" || essence === "text/json" || essence.endsWith("+json");
}

/** Returns true if an attempt renders a template of the administrator's, which can be costly. */
export function rendersTemplate({
  payload,
  requests,
  type,
}: Pick<Destination, "payload" | "type"> & Partial<Pick<Destination, "requests">>): boolean {
  // The key of a document or an object and the subject of a mail are templates, too.
  const isUsual = payload.mode === "template" || type === "document" || type === "email" || type === "s3";
  return isUsual || Object.keys(requests ?? {}).length > 0;
}

/**
 * Returns the variables of templates: those of the event, and `captured`, which takes precedence, unless it is null. The error is a
 * sentence.
 */
export function templateScope(
  event: Deliverable,
  captured: Captured | null,
  work: BudgetSource,
): Result<JsonObject, string> {
  work.charge(event.content.request.body.length * UNITS_PER_CHARACTER);
  const document = exactDocumentOf(event);
  if (!document.ok) return document;
  const scope = scopeOf(document.value);
  return ok(captured === null ? scope : { ...scope, captured });
}

/** Renders a body by a template. The error says why there is none. What it costs counts in `work`. */
export function templateBody(
  { content_type, body }: Extract<Payload, { readonly mode: "template" }>,
  event: Deliverable,
  work: BudgetSource,
  captured: Captured | null = null,
): Result<Body, string> {
  const template = compile(body, content_type);
  if (!template.ok) return fail(`The payload ${template.error}.`);
  const scope = templateScope(event, captured, work);
  if (!scope.ok) return scope;
  const rendered = renderTemplate(template.value, scope.value, work);
  if (!rendered.ok) return rendered;
  const fault = isJsonType(content_type) ? jsonFault(rendered.value) : null;
  if (fault !== null) {
    return fail(`The rendered template is not JSON: it ${fault}. Write values with the filter \`json\`.`);
  }
  const formatted = formattedBody(content_type, rendered.value, event.id);
  if (!formatted.ok) return formatted;
  return ok({ bytes: encoder.encode(formatted.value.text), content_type: formatted.value.content_type });
}
