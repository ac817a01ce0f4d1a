import { contextOf } from "../../../src/context.ts";
import { asShard } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { ALERT_STATUSES } from "../../../src/model/alert.ts";
import { DELIVERY_STATUSES, type DeliveryStatus } from "../../../src/model/delivery.ts";
import { OUTCOMES } from "../../../src/model/event.ts";
import { alertIdOf, createIdMinter } from "../../../src/model/ids.ts";
import { needleOf } from "../../../src/model/text-match.ts";
import { listAlerts } from "../../../src/storage/alerts/alerts.ts";
import { rescueAt } from "../../../src/storage/events/deliveries-column.ts";
import {
  type DeliveryFilters,
  type EventFilters,
  listDeliveries,
  listEvents,
} from "../../../src/storage/events/log.ts";
import { AT, contentOf, deliveryTo } from "../../api/records.ts";
import { moveToSegments } from "../../support/cold.ts";
import { runs } from "../../support/runs.ts";
import { tables } from "../../support/tables.ts";
import { PLENTY, follow } from "./follow.ts";

// Whatever a page scans, following a list to its end returns exactly the matches, in order.

const INTEGRATIONS = ["int_1", "int_2"] as const;
const DESTINATIONS = ["dst_0000000000000000000000000001", "dst_0000000000000000000000000002"] as const;
const CONTENT = JSON.stringify(contentOf({ Id: "k" }));
const STEP_MS = 40;
/** Pages that read segments may be short. */
const BOUNDED = 0;

type Drawn = {
  readonly integration_id: string;
  readonly outcome: string;
  readonly is_told: boolean;
  readonly is_new_alert: boolean;
  readonly statuses: readonly (DeliveryStatus | null)[];
  /** The segment that has it, or null if it is in `events`. */
  readonly segment: number | null;
};

const drawn: fc.Arbitrary<Drawn> = fc.record({
  integration_id: fc.constantFrom(...INTEGRATIONS),
  outcome: fc.constantFrom(...OUTCOMES),
  is_told: fc.boolean(),
  is_new_alert: fc.boolean(),
  statuses: fc.array(fc.option(fc.constantFrom(...DELIVERY_STATUSES)), { minLength: 2, maxLength: 2 }),
  segment: fc.option(fc.integer({ min: 0, max: 3 }), { nil: null, freq: 4 }),
});

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

function recordsOf(draws: readonly Drawn[]) {
  let ms = Date.parse(AT);
  const mint = createIdMinter(() => (ms += STEP_MS), random);
  let opener: string | null = null;
  return draws.map((draw) => {
    const { id, at_ms } = mint("evt");
    if (draw.is_new_alert || opener === null) opener = id;
    const deliveries = DESTINATIONS.flatMap((destination, index) => {
      const status = draw.statuses[index] ?? null;
      const next_attempt_at = status === "pending" ? AT : null;
      const replay = draw.is_new_alert ? { replay_of: id } : {};
      // A replay is made later than its event.
      const created_at = new Date(at_ms + (draw.is_new_alert ? 5 * STEP_MS : 0)).toISOString();
      return status === null ? [] : [deliveryTo(id, destination, { status, next_attempt_at, created_at, ...replay })];
    });
    return {
      id,
      integration_id: draw.integration_id,
      outcome: draw.outcome,
      type: draw.is_told ? "alert.created" : null,
      alert_id: alertIdOf(opener),
      received_at: new Date(at_ms).toISOString(),
      rescue_at: rescueAt(deliveries),
      deliveries,
      segment: draw.segment,
    };
  });
}

type Recorded = ReturnType<typeof recordsOf>[number];

function leastOf(texts: readonly string[]): string {
  return texts.toSorted()[0] ?? "";
}

/** Where the log is: in `events`, in one segment, or in both and in segments whose ranges overlap. What is pending never moves. */
const PLACES = ["hot", "cold", "both"] as const;
type Places = (typeof PLACES)[number];

async function store(records: readonly Recorded[], places: Places = "hot"): Promise<void> {
  await tables.events.delete();
  await tables.alerts.delete();
  await tables.segments.delete();
  await tables.events.insert(...records.map(({ segment: _segment, ...record }) => ({ ...record, content: CONTENT })));
  const movable = places === "hot" ? [] : records.filter(({ rescue_at }) => rescue_at === null);
  const bySegment = Map.groupBy(movable, ({ segment }) => (places === "cold" ? 0 : segment));
  const segments = [...bySegment].flatMap(([segment, own]) => (segment === null ? [] : [own.map(({ id }) => id)]));
  await moveToSegments(segments);
  // Alerts as their last event left them. An alert with two events has no row, as if it were deleted before its events.
  const alerts = [...Map.groupBy(records, ({ alert_id }) => alert_id)].filter(([, events]) => events.length !== 2);
  await tables.alerts.insert(
    ...alerts.map(([id, events]) => ({
      id,
      integration_id: leastOf(events.map((event) => event.integration_id)),
      status: events.length % 2 === 1 ? "open" : "resolved",
      fields_from: leastOf(events.map((event) => event.id)),
      created_at: events[0]?.received_at ?? AT,
      updated_at: events.at(-1)?.received_at ?? AT,
    })),
  );
}

const bounds = {
  places: fc.constantFrom(...PLACES),
  limit: fc.integer({ min: 1, max: 5 }),
  most: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(PLENTY)),
};
const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 });
const records = fc.array(drawn, { maxLength: 24 }).map(recordsOf);

/** A range of times around those of the events. */
const times = fc.record({
  from_ms: fc.option(fc.integer({ min: -1, max: 25 }), { nil: undefined, freq: 2 }),
  to_ms: fc.option(fc.integer({ min: -1, max: 25 }), { nil: undefined, freq: 2 }),
});

type Times = { readonly from_ms?: number | undefined; readonly to_ms?: number | undefined };

/** The times of a range in steps. */
function rangeOf({ from_ms, to_ms }: Times): Times {
  const at = (step: number | undefined) => (step === undefined ? undefined : Date.parse(AT) + step * STEP_MS);
  return { from_ms: at(from_ms), to_ms: at(to_ms) };
}

function isIn({ from_ms, to_ms }: Times, received_at: string): boolean {
  const at = Date.parse(received_at);
  return !(at < (from_ms ?? -Infinity)) && !(at > (to_ms ?? Infinity));
}

const newestFirst = (ids: readonly string[]): string[] => ids.toSorted().toReversed();

function holds(values: Readonly<Record<string, unknown>>, filters: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(filters).every(([name, value]) => value === undefined || values[name] === value);
}

it("events: every page is complete down to its cursor, and all pages together show the matches", async () => {
  const filtered = records.chain((list) =>
    fc.record({
      list: fc.constant(list),
      ...bounds,
      filters: fc.record({
        integration_id: maybe([...INTEGRATIONS, "int_3"]),
        outcome: maybe(OUTCOMES.slice(0, 3)),
        type: maybe(["alert.created"]),
        alert_id: maybe([...list.map(({ alert_id }) => alert_id), "alr_1", ""]),
        unrouted: maybe(["true", "false"] as const),
      }),
      times,
    }),
  );
  await fc.assert(
    fc.asyncProperty(filtered, async ({ list, places, limit, most, filters, times: drawnTimes }) => {
      await store(list, places);
      const range = rangeOf(drawnTimes);
      const matching = list.filter(({ deliveries, ...event }) => {
        const unrouted = String(event.type !== null && deliveries.length === 0);
        return isIn(range, event.received_at) && holds({ ...event, unrouted }, filters satisfies EventFilters);
      });
      const expected = newestFirst(matching.map(({ id }) => id));
      expect(
        await follow({ limit, most: places === "hot" ? most : BOUNDED }, expected, (page) =>
          listEvents(contextOf(env), page, { ...filters, ...range }, most),
        ),
      ).toEqual(expected);
    }),
    { numRuns: runs(120) },
  );
});

it("deliveries: every page is complete down to its cursor, and all pages together show the matches", async () => {
  const filtered = records.chain((list) =>
    fc.record({
      list: fc.constant(list),
      ...bounds,
      filters: fc.record({
        status: maybe(DELIVERY_STATUSES),
        destination_id: maybe([...DESTINATIONS, 'dst"', ""]),
        event_id: fc.option(fc.constantFrom(...list.map(({ id }) => id), "evt_1"), { nil: undefined, freq: 1 }),
        integration_id: maybe(INTEGRATIONS),
        event_type: maybe(["alert.created"] as const),
        replays: maybe(["true", "false"] as const),
        text: maybe([needleOf("K"), needleOf("nothing")]),
      }),
      created: times,
      times,
    }),
  );
  await fc.assert(
    fc.asyncProperty(filtered, async ({ list, places, limit, most, filters, created, times: drawnTimes }) => {
      await store(list, places);
      const range = rangeOf(drawnTimes);
      const made = rangeOf(created);
      const { replays, text, ...columns } = filters satisfies DeliveryFilters;
      const matching = list.flatMap(({ deliveries, integration_id, type: event_type, received_at }) =>
        deliveries.filter(
          (each) =>
            isIn(range, received_at) &&
            isIn(made, each.created_at) &&
            (replays === undefined || (replays === "true") === (each.replay_of !== null)) &&
            (text === undefined || text.text === "k") &&
            holds({ ...each, integration_id, event_type }, columns),
        ),
      );
      const expected = newestFirst(matching.map(({ id }) => id));
      expect(
        await follow({ limit, most: places === "hot" ? most : BOUNDED }, expected, (page) =>
          listDeliveries(
            contextOf(env),
            page,
            { ...filters, ...range, created_from_ms: made.from_ms, created_to_ms: made.to_ms },
            most,
          ),
        ),
      ).toEqual(expected);
    }),
    { numRuns: runs(200) },
  );
});

it("alerts: every page is complete down to its cursor, and all pages together show the matches", async () => {
  const filtered = fc.record({
    list: records,
    ...bounds,
    filters: fc.record({ status: maybe(ALERT_STATUSES), integration_id: maybe(INTEGRATIONS) }),
  });
  await fc.assert(
    fc.asyncProperty(filtered, async ({ list, limit, most, filters }) => {
      await store(list);
      const alerts = Map.groupBy(list, ({ alert_id }) => alert_id);
      const matching = [...alerts].flatMap(([id, events]) => {
        const status = events.length % 2 === 1 ? "open" : "resolved";
        const integration_id = events.map((event) => event.integration_id).toSorted()[0];
        return events.length !== 2 && holds({ status, integration_id }, filters) ? [id] : [];
      });
      const expected = newestFirst(matching);
      expect(
        await follow({ limit, most }, expected, (page) => listAlerts(asShard(env.DB), page, filters, most)),
      ).toEqual(expected);
    }),
    { numRuns: runs(60) },
  );
});
