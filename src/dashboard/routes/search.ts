import { type RawSearch, oneOf, text } from "../shell/search-params.ts";

/** The event whose fields are shown, and the view of the filter. */
export function routeSearch(search: RawSearch) {
  return { ...text(search, "event"), ...oneOf(search, "view", ["json"]) };
}

export function explainSearch(search: RawSearch) {
  return text(search, "event", "q");
}
