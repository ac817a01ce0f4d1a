import type { BudgetSource } from "../../model/budget.ts";
import type { JsonObject } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { LruMap } from "../../platform/lru.ts";
import { type Template, parseTemplate, renderTemplate } from "../../templates/liquid.ts";
import type { OutputFormat } from "../../templates/output-format.ts";

// URLs with values in their path and query. A value is data: it is percent-encoded, so that it can neither end its part of the URL nor
// begin another one, and no value makes a segment that leads to another folder. The host has no values.

const MAX_URL_TEMPLATE = 2_000;
/** The scheme and the host, without tags. */
const HOST = /^https?:\/\/[^/?#{}\\\s@]+(?=[/?#]|$)/i;
const HEX = 16;

const NOT_ENCODED = /[!'()*.]/g;

const URL_FORMAT: OutputFormat = {
  escape: (text) =>
    encodeURIComponent(text).replaceAll(
      NOT_ENCODED,
      (mark) => `%${mark.charCodeAt(0).toString(HEX).toUpperCase().padStart(2, "0")}`,
    ),
  finished: [],
  is_strict: true,
};

const MAX_TEMPLATES = 200;
const compiled = new LruMap<string, Result<Template, string>>({ max: MAX_TEMPLATES });

function compile(text: string): Result<Template, string> {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const template = parseTemplate(text, URL_FORMAT);
  compiled.set(text, template);
  return template;
}

/** Returns the scheme and the host of a template of a URL; null if they are not literal. */
export function hostOf(text: string): string | null {
  return HOST.exec(text)?.[0] ?? null;
}

function pathOf(url: string): string {
  return url
    .slice(hostOf(url)?.length ?? 0)
    .split(/[?#]/, 1)
    .join("");
}

function hasDotSegment(path: string): boolean {
  return path.split(/[/\\]/).some((segment) => /^\.{1,2}$/.test(segment.replaceAll(/%2e/gi, ".")));
}

/** Returns why a text is no template of a URL, to follow the name of the field; null if it is one. */
export function urlTemplateFault(text: string): string | null {
  if (text.length > MAX_URL_TEMPLATE) return `must be at most ${MAX_URL_TEMPLATE} characters long`;
  if (hostOf(text) === null) return "must begin with https:// and a host without tags, and a path after it";
  if (hasDotSegment(pathOf(text))) return "must not contain the segments . and ..";
  const template = compile(text);
  return template.ok ? null : template.error;
}

/** Returns whether a value that stands alone between slashes was empty. */
function lacksSegment(path: string, template: string): boolean {
  const written = pathOf(template);
  return (path.includes("//") && !written.includes("//")) || (path.endsWith("/") && written.endsWith("}}"));
}

/** Renders a URL. The error is a sentence that says why there is none. What it costs counts in `work`. */
export function renderUrl(text: string, scope: JsonObject, work: BudgetSource): Result<string, string> {
  const template = compile(text);
  if (!template.ok) return fail(`The URL of the request ${template.error}.`);
  const rendered = renderTemplate(template.value, scope, work);
  if (!rendered.ok) return rendered;
  const url = rendered.value.trim();
  if (hostOf(url) !== hostOf(text)) return fail("The URL of the request has another host than its template.");
  const path = pathOf(url);
  if (hasDotSegment(path)) return fail("The URL of the request has a segment . or .. after it was filled in.");
  if (lacksSegment(path, text)) return fail("The URL of the request has an empty value in its path.");
  return ok(url);
}
