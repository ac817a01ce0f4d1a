import { bloomOf } from "./bloom.ts";
import type { SegmentHead } from "./heads.ts";
import type { SegmentCounts, ValueCounts } from "./segment-rows.ts";

/** A segment with more values of one kind than this names none: its row must stay small. */
const MAX_VALUES = 100;

function countBy(values: readonly string[]): ValueCounts {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts.size > MAX_VALUES ? null : Object.fromEntries(counts);
}

/** Counts what the events of a segment are. */
export function countHeads(heads: readonly SegmentHead[]): SegmentCounts {
  const deliveries = heads.flatMap((head) => head.deliveries);
  return {
    integrations: countBy(heads.map(({ integration_id }) => integration_id)),
    destinations: countBy(deliveries.map(({ destination_id }) => destination_id)),
    statuses: countBy(deliveries.map(({ status }) => status)),
    outcomes: countBy(heads.map(({ outcome }) => outcome)),
    types: countBy(heads.map(({ type }) => type ?? "")),
  };
}

/** Returns the filter of the alerts of some events, or null if none has one. */
export function alertsOf(heads: readonly SegmentHead[]): string | null {
  return bloomOf(heads.flatMap(({ alert_id }) => alert_id ?? []));
}

/** Returns whether a segment can have a value. */
export function mayCount(counts: ValueCounts, value: string): boolean {
  return counts === null || Object.hasOwn(counts, value);
}
