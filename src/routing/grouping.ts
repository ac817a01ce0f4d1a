import type { Membership, Route } from "../model/route.ts";
import { type Template, parseTemplate, renderTemplate } from "../templates/liquid.ts";
import type { Reading } from "./select.ts";

/** A longer key is cut. */
const MAX_KEY = 1_000;
/** What the templates of all routes together may cost for one event. */
const MAX_WORK = 4_000_000;

/** Templates by their route, which lives as long as the catalog that holds it. */
const templates = new WeakMap<Route, Template | null>();

function templateOf(route: Route, text: string): Template | null {
  const known = templates.get(route);
  if (known !== undefined) return known;
  const parsed = parseTemplate(text);
  const template = parsed.ok ? parsed.value : null;
  templates.set(route, template);
  return template;
}

/** A text as a key: SQLite reads none beyond a NUL. */
function keyOf(text: string): string {
  return text.slice(0, MAX_KEY).replaceAll("\u0000", "\uFFFD").toWellFormed();
}

export type Grouping = {
  readonly memberships: readonly Membership[];
  /** Routes whose `group_by` could not be filled in. */
  readonly unnamed: readonly string[];
};

/**
 * The groups that an event belongs to. Its key is what `group_by` says, else its alert's; where that is nothing, or cannot be
 * found out, all such events of an integration are one group.
 */
export function groupsOf(routes: readonly Route[], reading: Reading): Grouping {
  const { event } = reading;
  const work = { left: MAX_WORK };
  const unnamed: string[] = [];
  const render = (route: Route, text: string): string => {
    const template = templateOf(route, text);
    const scope = reading.scope();
    const rendered = template === null || scope === null ? null : renderTemplate(template, scope, work);
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
