import * as z from "zod/mini";
import type { NotificationContent } from "../notification-content.ts";
import type { Preset, PresetOption, PresetRequest, PresetValues, Skipped } from "../preset.ts";
import { writeForm, writeMultipart } from "./formats.ts";
import type { Format, OptionData, PresetData, RequestData } from "./preset-data.ts";
import { momentOf, valuesOf } from "./values.ts";
import { fill } from "./write-text.ts";
import { type Scope, writeField, writeTree } from "./write-tree.ts";

const FORM = "application/x-www-form-urlencoded";

function optionOf({ matches, must_be, hint, is_required, is_secret }: OptionData): PresetOption {
  return {
    schema: () => z.string().check(z.regex(matches, `must be ${must_be}`)),
    required: is_required === true,
    secret: is_secret === true,
    hint,
  };
}

function same(value: string): string {
  return value;
}

/** Returns the address of a request; null if it is the destination's own. */
function addressOf({ path, query = {} }: RequestData, base: string, { values }: Scope): string | null {
  const url = URL.parse(base);
  if (url === null) return null;
  if (path !== undefined) {
    const filled = fill(path, values, encodeURIComponent);
    const own = url.pathname.replace(/\/+$/, "");
    if (filled !== null && !own.endsWith(filled)) url.pathname = own + filled;
  }
  for (const [name, pattern] of Object.entries(query)) {
    const value = fill(pattern, values, same);
    if (value !== null) url.searchParams.set(name, value);
  }
  return url.href === URL.parse(base)?.href ? null : url.href;
}

function bodyOf(request: Format, scope: Scope): Pick<PresetRequest, "content_type" | "body"> {
  if (request.format === "form") {
    const fields = Object.entries(request.body).flatMap(([name, tree]) => {
      const value = writeField(tree, scope);
      return value === undefined ? [] : [[name, value] as const];
    });
    return { content_type: FORM, body: writeForm(fields) };
  }
  if ("parts" in request) {
    const parts = request.parts.flatMap(({ name = null, filename, content_type = null, value }) => {
      const text = writeField(value, scope);
      const file = filename === undefined ? null : (writeField(filename, scope) ?? "file");
      return text === undefined ? [] : [{ name, filename: file, content_type, text }];
    });
    const type = request.format === "related" ? "related" : "form-data";
    const { content_type, text } = writeMultipart(type, parts, scope.content.event_id);
    return { content_type, body: text };
  }
  const body = writeTree(request.body, scope);
  const content_type = request.content_type ?? "application/json";
  return { content_type, body: typeof body === "object" && body !== null ? body : {} };
}

function headersOf({ headers = {} }: PresetData, { values }: Scope): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, pattern]) => {
      const value = fill(pattern, values, same);
      return value === null ? [] : [[name, value]];
    }),
  );
}

/** Returns what a preset sends for a message, or why it sends nothing. */
function render(
  data: PresetData,
  content: NotificationContent,
  options: PresetValues,
  base: string,
): PresetRequest | Skipped {
  const moment = momentOf(content);
  const request = data.requests[moment] ?? data.requests.any;
  if (request === undefined) {
    return { skipped: `Nothing was sent: the preset for ${data.title} sends nothing for ${content.type}.` };
  }
  const scope = { content, options, values: valuesOf(content, options) };
  const url = addressOf(request, base, scope);
  const headers = headersOf(data, scope);
  return {
    ...bodyOf(request, scope),
    ...(url === null ? {} : { url }),
    ...(request.method === undefined ? {} : { method: request.method }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  };
}

/** Returns the preset that data describes. */
export function presetOf(data: PresetData): Preset {
  const { title, category, summary, steps, address, auth } = data;
  return {
    title,
    category,
    summary,
    steps,
    address,
    ...(auth === undefined ? {} : { auth }),
    options: Object.fromEntries(Object.entries(data.options).map(([name, each]) => [name, optionOf(each)])),
    render: (content, options, url) => render(data, content, options, url),
  };
}
