import type { Payload } from "../../model/destination.ts";
import { type Deliverable, exactDocumentOf, scopeOf } from "../../model/envelope.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { type Template, parseTemplate, renderTemplate } from "../../templates/liquid.ts";
import type { Body } from "./rendered-body.ts";
import { jsonFault } from "./json-error-position.ts";

const MAX_TEMPLATES = 200;
const MAX_CHARACTERS = 500_000;
/** Compiled templates, the last used at the end. To parse a template costs more than to render it. */
const compiled = new Map<string, Result<Template, string>>();
let characters = 0;
const encoder = new TextEncoder();

function compile(text: string): Result<Template, string> {
  const template = compiled.get(text) ?? parseTemplate(text);
  if (!compiled.delete(text)) characters += text.length;
  compiled.set(text, template);
  for (const oldest of compiled.keys()) {
    if (compiled.size <= MAX_TEMPLATES && characters <= MAX_CHARACTERS) break;
    compiled.delete(oldest);
    characters -= oldest.length;
  }
  return template;
}

/** Returns true if a body of this content type must be JSON. */
export function isJsonType(contentType: string): boolean {
  const essence = contentType.split(";", 1).join("").trim().toLowerCase();
  return essence === "application/json" || essence === "text/json" || essence.endsWith("+json");
}

/** Renders a body by a template. The error says why there is none. */
export function templateBody(
  { content_type, body }: Extract<Payload, { readonly mode: "template" }>,
  event: Deliverable,
): Result<Body, string> {
  const template = compile(body);
  if (!template.ok) return fail(`The payload ${template.error}.`);
  const document = exactDocumentOf(event);
  if (!document.ok) return document;
  const rendered = renderTemplate(template.value, scopeOf(document.value));
  if (!rendered.ok) return rendered;
  const fault = isJsonType(content_type) ? jsonFault(rendered.value) : null;
  if (fault !== null) {
    return fail(`The rendered template is not JSON: it ${fault}. Write values with the filter \`json\`.`);
  }
  return ok({ bytes: encoder.encode(rendered.value), content_type });
}
