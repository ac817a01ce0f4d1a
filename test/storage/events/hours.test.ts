import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import type { Delivery } from "../../../src/model/delivery.ts";
import type { EventRecord } from "../../../src/model/event.ts";
import { createIdMinter, replayedDeliveryIdOf } from "../../../src/model/ids.ts";
import { asShard } from "../../../src/platform/shards.ts";
import { changeDeliveries } from "../../../src/storage/events/changes.ts";
import { listDeliveries, listEvents, readRecords } from "../../../src/storage/events/log.ts";
import { writeRollups } from "../../../src/storage/maintenance/rollups.ts";
import { commitBatch } from "../../../src/storage/pipeline/commit.ts";
import { AT, contentOf, deliveryTo } from "../../api/records.ts";
import { runs } from "../../support/runs.ts";
import { tables } from "../../support/tables.ts";
import { PLENTY, follow } from "./follow.ts";

// The hours below the watermark of the rollups name what they hold. A list of an integration or destination must not miss an
// event for that, however the event and its deliveries came into the hour.

const db = asShard(env.DB);
const INTEGRATIONS = ["int_1", "int_2"] as const;
const DESTINATIONS = ["dst_0000000000000000000000000001", "dst_0000000000000000000000000002"] as const;
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

/** How an event comes into the log: before the pass that counts it, after that, or after it by an older version. `new` ones are
 * late if the pass has counted events after them. */
const WAYS = ["in_time", "late", "new", "by_old_version"] as const;

type Drawn = {
  readonly way: (typeof WAYS)[number];
  readonly integration_id: string;
  readonly destinations: readonly string[];
  /** A destination to which a replay delivers it afterwards. */
  readonly replayed_to: string | null;
  readonly gap_ms: number;
};

const drawn: fc.Arbitrary<Drawn> = fc.record({
  way: fc.constantFrom(...WAYS, "in_time", "in_time", "in_time"),
  integration_id: fc.constantFrom(...INTEGRATIONS),
  destinations: fc.subarray([...DESTINATIONS]),
  replayed_to: fc.option(fc.constantFrom(...DESTINATIONS), { freq: 5 }),
  gap_ms: fc.constantFrom(40, 1_200_000, 9_000_000),
});

type Recorded = { readonly way: Drawn["way"]; readonly record: EventRecord; readonly replay: Delivery | null };

function recordsOf(draws: readonly Drawn[]): readonly Recorded[] {
  let ms = Date.parse(AT);
  return draws.map(({ way, integration_id, destinations, replayed_to, gap_ms }) => {
    ms += gap_ms;
    const { id, at_ms } = createIdMinter(() => ms, random)("evt");
    const received_at = new Date(at_ms).toISOString();
    const deliveries = destinations.map((to) => deliveryTo(id, to));
    const record = { id, integration_id, type: "event.received", outcome: "received", alert_id: null } as const;
    const replay =
      replayed_to === null
        ? null
        : deliveryTo(id, replayed_to, {
            id: replayedDeliveryIdOf(id, replayed_to, "rpl_0000000000000000"),
            replay_of: id,
            status: "pending",
            next_attempt_at: AT,
          });
    return { way, record: { ...record, received_at, version: 1, deliveries }, replay };
  });
}

async function insert(events: readonly Recorded[]): Promise<void> {
  await tables.events.insert(...events.map(({ record }) => ({ ...record, content: contentOf({}) })));
}

/** Records an event as the pipeline does. */
async function commit({ record }: Recorded): Promise<void> {
  const nothing = {
    corrections: [],
    alerts: [],
    gone_alerts: [],
    compactions: [],
    histories: [],
    outbox: [],
    unread: [],
    tallies: { late: [], corrected: [] },
  };
  await commitBatch(db, { ...nothing, events: [{ record, alert: null, content: contentOf({}) }] });
}

async function replay({ record: { id }, replay: added }: Recorded): Promise<void> {
  const [found] = await readRecords(db, [id]);
  if (found === undefined || added === null) return;
  await changeDeliveries(db, [{ id, version: found.version, deliveries: [...found.deliveries, added], tallies: [] }]);
}

async function play(events: readonly Recorded[], stepEvents: number): Promise<void> {
  await tables.events.delete();
  await tables.rollups.delete();
  await tables.maintenance_tasks.delete();
  const by = (way: Drawn["way"]) => events.filter((each) => each.way === way);
  await insert(by("in_time"));
  const counted = by("in_time").at(-1)?.record.received_at ?? AT;
  for (let isDone = false; !isDone;) isDone = (await writeRollups(db, Date.parse(counted) + 1, stepEvents)).is_done;
  const isLate = ({ way, record }: Recorded) => way === "late" || (way === "new" && record.received_at <= counted);
  for (const each of events.filter(isLate)) await commit(each);
  await insert(by("new").filter((each) => !isLate(each)));
  const old = by("by_old_version");
  await insert(old);
  const hours = new Set(old.map(({ record }) => Math.floor(Date.parse(record.received_at) / 3_600_000)));
  const known = new Set((await tables.rollups.all()).map(({ hour }) => Number(hour)));
  await tables.rollups.insert(...[...hours].filter((hour) => !known.has(hour)).map((hour) => ({ hour })));
  await tables.rollups.update(
    ({ hour }) => hours.has(Number(hour)),
    ({ changes }) => ({ changes: Number(changes) + 1 }),
  );
  for (const each of events) await replay(each);
}

const newestFirst = (ids: readonly string[]): string[] => ids.toSorted().toReversed();

it("lists by integration and by destination show what a list of everything would", async () => {
  const drawing = fc.record({
    events: fc.array(drawn, { maxLength: 30 }).map(recordsOf),
    step: fc.integer({ min: 1, max: 10 }),
    limit: fc.integer({ min: 1, max: 5 }),
    most: fc.oneof(fc.integer({ min: 3, max: 30 }), fc.constant(PLENTY)),
  });
  await fc.assert(
    fc.asyncProperty(drawing, async ({ events, step, limit, most }) => {
      await play(events, step);
      const all = events.map(({ record, replay: added }) => ({
        ...record,
        deliveries: added === null ? record.deliveries : [...record.deliveries, added],
      }));
      for (const integration_id of INTEGRATIONS) {
        const expected = newestFirst(all.flatMap((each) => (each.integration_id === integration_id ? each.id : [])));
        const list = (page: Parameters<typeof listEvents>[1]) =>
          listEvents(contextOf(env), page, { integration_id }, most);
        expect(await follow({ limit, most }, expected, list)).toEqual(expected);
      }
      for (const destination_id of DESTINATIONS) {
        const deliveries = all.flatMap((each) => each.deliveries);
        const expected = newestFirst(
          deliveries.flatMap((each) => (each.destination_id === destination_id ? each.id : [])),
        );
        const list = (page: Parameters<typeof listEvents>[1]) =>
          listDeliveries(contextOf(env), page, { destination_id }, most);
        expect(await follow({ limit, most }, expected, list)).toEqual(expected);
      }
    }),
    { numRuns: runs(60) },
  );
});
