import { type RawSearch, oneOf, text } from "../shell/search-params.ts";

export const TRANSFORMATION_TABS = ["code", "versions", "runs"] as const;
export const KINDS = ["integration", "destination"] as const;
export type Kind = (typeof KINDS)[number];

/** What the preview shows: whose events, which of them, and as which kind of input. */
export function previewSearch(search: RawSearch) {
  return { ...text(search, "integration", "event"), ...oneOf(search, "kind", KINDS) };
}

export type PreviewSearch = ReturnType<typeof previewSearch>;

export function newSearch(search: RawSearch) {
  return { ...previewSearch(search), ...text(search, "template") };
}

export function transformationSearch(search: RawSearch) {
  return { ...previewSearch(search), ...oneOf(search, "view", TRANSFORMATION_TABS), ...text(search, "version") };
}
