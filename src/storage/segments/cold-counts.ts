import { hourOf } from "../maintenance/hours.ts";
import { HOLDS_UNCHANGED } from "../maintenance/hour-holds.ts";
import type { SegmentHead } from "./heads.ts";
import type { ColdOutcomes } from "./segment-rows.ts";

// The outcomes of events in segments, by hour. `rollups.cold` adds up what the segments count, so that what was accepted can be compared
// with what became of it without reading a segment. `rollups.counts` has the outcomes of all events of an hour, so that a move leaves
// it as it is.

const NAMES = ["delivered", "dead", "cancelled", "ignored"] as const;

/** Returns what an event counts, as `OUTCOME_COLUMNS` counts its row. */
function outcomesOfHead({ deliveries, grouped, weight, outcome }: SegmentHead): ColdOutcomes {
  const isAlone = deliveries.length === 0 && grouped === 0;
  const isFailed = outcome === "transformation_failed";
  const count = (isCounted: (each: SegmentHead["deliveries"][number]) => boolean): number =>
    deliveries.filter(isCounted).length * weight;
  return [
    count(({ status }) => status === "delivered"),
    count(({ status, replayed_by }) => status === "dead" && replayed_by === null) + (isAlone && isFailed ? 1 : 0),
    count(({ status, replayed_by }) => status === "cancelled" || (status === "dead" && replayed_by !== null)),
    isAlone && !isFailed ? 1 : 0,
  ];
}

function plus(a: ColdOutcomes, b: ColdOutcomes): ColdOutcomes {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]];
}

/** Returns what events count, by hour. */
export function hoursOfHeads(heads: readonly SegmentHead[]): Readonly<Record<string, ColdOutcomes>> {
  const hours: Record<string, ColdOutcomes> = {};
  for (const head of heads) {
    const hour = String(hourOf(head.id));
    hours[hour] = plus(hours[hour] ?? [0, 0, 0, 0], outcomesOfHead(head));
  }
  return hours;
}

/** Returns what is left of hours without others. */
export function withoutHours(
  hours: Readonly<Record<string, ColdOutcomes>>,
  gone: Readonly<Record<string, ColdOutcomes>>,
): Readonly<Record<string, ColdOutcomes>> {
  const left = Object.entries(hours).map(([hour, counted]) => {
    const [delivered, dead, cancelled, ignored] = gone[hour] ?? [0, 0, 0, 0];
    return [hour, plus(counted, [-delivered, -dead, -cancelled, -ignored])] as const;
  });
  return Object.fromEntries(left.filter(([, counted]) => counted.some((each) => each !== 0)));
}

/** SQL for an hour `h` of a list as an object. */
const AS_OBJECT = `json_object(${NAMES.map((name, place) => `'${name}', h.value->>${place}`).join(", ")})`;

/** SQL for the sum of what an hour `h` counts. */
const SUM = NAMES.map((_, place) => `(h.value->>${place})`).join(" + ");

/** SQL for the outcomes of an hour without those of `h`. */
const COLD_WITHOUT = `json_object(${NAMES.map(
  (name, place) => `'${name}', COALESCE(rollups.cold->>'${name}', 0) - (h.value->>${place})`,
).join(", ")})`;

const COLD_WITH = `json_object(${NAMES.map(
  (name) => `'${name}', COALESCE(cold->>'${name}', 0) + (excluded.cold->>'${name}')`,
).join(", ")})`;

const COUNTS_WITHOUT = `json_set(counts, ${NAMES.map(
  (name, place) => `'$.${name}', (counts->>'${name}') - (h.value->>${place})`,
).join(", ")})`;

const IS_HOUR = "rollups.hour = CAST(h.key AS INTEGER)";

/** Returns the statement that adds hours to `rollups.cold`. `hours` is SQL for the JSON object; NULL adds nothing. */
export function addCold(hours: string): string {
  return `
  INSERT INTO rollups (hour, accepted, cold)
  SELECT CAST(h.key AS INTEGER), 0, ${AS_OBJECT} FROM json_each(${hours}) h WHERE true
  ON CONFLICT (hour) DO UPDATE SET cold = ${COLD_WITH}, changes = changes + 1, ${HOLDS_UNCHANGED}`;
}

/** As `addCold`, for events that leave their segment for `events`. */
export function subtractCold(hours: string): string {
  return `
  UPDATE rollups SET cold = ${COLD_WITHOUT}, changes = changes + 1, ${HOLDS_UNCHANGED}
  FROM json_each(${hours}) h WHERE ${IS_HOUR}`;
}

/** As `subtractCold`, for events that are deleted: they do not count as accepted any more, either. */
export function deleteCold(hours: string): string {
  return `
  UPDATE rollups SET cold = ${COLD_WITHOUT}, accepted = accepted - (${SUM}),
    counts = CASE WHEN counts IS NOT NULL THEN ${COUNTS_WITHOUT} END, changes = changes + 1, ${HOLDS_UNCHANGED}
  FROM json_each(${hours}) h WHERE ${IS_HOUR}`;
}
