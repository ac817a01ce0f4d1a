import type { Membership, Route } from "../model/route.ts";
import { type Template, parseTemplate, renderTemplate } from "../templates/liquid.ts";
import type { Reading } from "./select.ts";

/** A longer key is cut off. */
const MAX_KEY = 1_000;

/** Templates by route. A route lives as long as the configuration snapshot that holds it. */
const templates = new WeakMap<Route, Template | null>();

function templateOf(route: Route, text: string): Template | null {
  const known = templates.get(route);
  if (known !== undefined) return known;
  const parsed = parseTemplate(text);
  const template = parsed.ok ? parsed.value : null;
  templates.set(route, template);
  return template;
}

/** Returns a text as a key. SQLite ends a text at a NUL. */
function keyOf(text: string): string {
  return text.slice(0, MAX_KEY).replaceAll("\u0000", "\uFFFD").toWellFormed();
}

export type Grouping = {
  readonly memberships: readonly Membership[];
  /** Ids of routes whose `group_by` could not be rendered. */
  readonly unnamed: readonly string[];
};

/**
 * Returns the groups of an event. The key is the rendered `group_by`, else the alert's key. Events without a key, or whose
 * key cannot be rendered, form one group per integration.
 */
export function groupsOf(routes: readonly Route[], reading: Reading): Grouping {
  const { event } = reading;
  const unnamed: string[] = [];
  const render = (route: Route, text: string): string => {
    const template = templateOf(route, text);
    const scope = reading.scope();
    const rendered = template === null || scope === null ? null : renderTemplate(template, scope, reading.grouping);
    if (rendered?.ok === true) return rendered.value.trim();
    unnamed.push(route.id);
    return "";
  };
  const memberships = routes.map((route) => {
    const text = route.group_by === null ? (event.alert?.key ?? "") : render(route, route.group_by);
    return {
      route_id: route.id,
      group_key: keyOf(text) || event.integration_id || (event.type ?? ""),
      window_ms: route.group_window_seconds * 1000,
      destination_ids: route.destination_ids,
    };
  });
  return { memberships, unnamed };
}
