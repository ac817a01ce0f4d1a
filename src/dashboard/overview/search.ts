import { type RawSearch, oneOf } from "../shell/search-params.ts";

/** The ranges of the charts, with the step in which the gateway counts. */
export const CHART_RANGES = [
  { value: "1h", label: "1 h", name: "the last hour", minutes: 60, step: "minute" },
  { value: "24h", label: "24 h", name: "the last 24 hours", minutes: 1_440, step: "hour" },
  { value: "7d", label: "7 d", name: "the last 7 days", minutes: 10_080, step: "hour" },
] as const;

export type ChartRange = (typeof CHART_RANGES)[number];

export function overviewSearch(search: RawSearch) {
  return oneOf(
    search,
    "range",
    CHART_RANGES.map(({ value }) => value),
  );
}

/** The range that an address names; a day by default. */
export function rangeOf(value: ChartRange["value"] | undefined): ChartRange {
  return CHART_RANGES.find((range) => range.value === value) ?? CHART_RANGES[1];
}
