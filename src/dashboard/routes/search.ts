import { type RawSearch, oneOf, text } from "../shell/search-params.ts";

/** The event whose fields are shown, the view of the filter, and the destination of a new route. */
export function routeSearch(search: RawSearch) {
  return { ...text(search, "event", "destination"), ...oneOf(search, "view", ["json"]) };
}

export function explainSearch(search: RawSearch) {
  return text(search, "event", "q");
}
