import * as z from "zod/mini";
import { type Captured, NOTHING_CAPTURED } from "../../../model/captured.ts";
import type { NotificationContent } from "../notification-content.ts";
import type { Preset, PresetOption, PresetRequest, PresetValues, Skipped } from "../preset.ts";
import { writeForm, writeMultipart } from "./formats.ts";
import type { Format, OptionData, PresetData, RequestData } from "./preset-data.ts";
import { type Values, momentOf, valuesOf } from "./values.ts";
import { fill } from "./write-text.ts";
import { type Scope, writeField, writeTree } from "./write-tree.ts";

const FORM = "application/x-www-form-urlencoded";

/** Whether a text leads to another folder, as a part of a path. */
function isDots(value: string): boolean {
  return value.split("/").some((segment) => segment === "." || segment === "..");
}

/** Returns the names of options that are in the path of a request. */
function inPaths({ requests, ticket }: PresetData): ReadonlySet<string> {
  const all = [...Object.values(requests), ...Object.values(ticket?.follow_ups ?? {}).flat()];
  return new Set(
    all.flatMap(({ path = "" }) => [...path.matchAll(/\{options\.(\w+)\}/g)].map(([, name = ""]) => name)),
  );
}

function optionOf({ matches, must_be, hint, is_required, is_secret }: OptionData, isInPath: boolean): PresetOption {
  return {
    schema: () =>
      z.string().check(
        z.regex(matches, `must be ${must_be}`),
        z.refine((value) => !isInPath || !isDots(value), "must not have the parts . and .."),
      ),
    required: is_required === true,
    secret: is_secret === true,
    hint,
  };
}

function same(value: string): string {
  return value;
}

/** Returns the path of the destination's URL without that of the usual request, which it may end with. */
function ownPath(url: URL, usual: RequestData | undefined, values: Values): string {
  const own = url.pathname.replace(/\/+$/, "");
  const filled = usual?.path === undefined ? null : fill(usual.path, values, encodeURIComponent);
  return filled !== null && own.endsWith(filled) ? own.slice(0, -filled.length) : own;
}

/** Returns the address of a request; null if it is the destination's own. `usual` is the request of `created`. */
function addressOf(
  { path, query = {} }: RequestData,
  usual: RequestData | undefined,
  base: string,
  { values }: Scope,
): string | null {
  const url = URL.parse(base);
  if (url === null) return null;
  if (path !== undefined) {
    const filled = fill(path, values, encodeURIComponent);
    const own = ownPath(url, usual, values);
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

/** Returns the request for a message, or why nothing is sent. */
function requestFor(
  data: PresetData,
  content: NotificationContent,
  options: PresetValues,
  captured: Captured,
): RequestData | Skipped {
  const { title, requests, ticket } = data;
  const moment = momentOf(content);
  const request = requests[moment] ?? requests.any;
  if (request !== undefined) return request;
  const followUps = moment === "created" ? [] : (ticket?.follow_ups[moment] ?? []);
  const followUp = followUps.find(({ needs }) => needs === undefined || options[needs] !== undefined);
  if (followUp === undefined) {
    return { skipped: `Nothing was sent: the preset for ${title} sends nothing for ${content.type}.` };
  }
  const names = Object.keys(ticket?.capture ?? {});
  const isKnown = names.every((name) => captured[name] !== undefined && !isDots(captured[name]));
  if (!isKnown) return { skipped: `Nothing was sent: this destination has made nothing in ${title} for the alert.` };
  return followUp;
}

/** Returns what a preset sends for a message, or why it sends nothing. */
function render(
  data: PresetData,
  content: NotificationContent,
  options: PresetValues,
  base: string,
  captured: Captured,
): PresetRequest | Skipped {
  const request = requestFor(data, content, options, captured);
  if ("skipped" in request) return request;
  const usual = data.requests.created;
  const scope = { content, options, values: valuesOf(content, options, captured) };
  const url = addressOf(request, usual, base, scope);
  const headers = headersOf(data, scope);
  const isCaptured = data.ticket !== undefined && request === usual;
  return {
    ...bodyOf(request, scope),
    ...(url === null ? {} : { url }),
    ...(request.method === undefined ? {} : { method: request.method }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(isCaptured ? { capture: data.ticket.capture } : {}),
  };
}

/** Returns the preset that data describes. */
export function presetOf(data: PresetData): Preset {
  const { title, category, summary, steps, address, auth, ticket } = data;
  const names = inPaths(data);
  return {
    title,
    category,
    summary,
    steps,
    address,
    ...(auth === undefined ? {} : { auth }),
    options: Object.fromEntries(
      Object.entries(data.options).map(([name, each]) => [name, optionOf(each, names.has(name))]),
    ),
    ...(ticket === undefined ? {} : { remembers: true }),
    render: (content, options, url, captured = NOTHING_CAPTURED) => render(data, content, options, url, captured),
  };
}
