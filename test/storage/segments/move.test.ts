import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { EventMessage } from "../../../src/model/event.ts";
import { createIdMinter } from "../../../src/model/ids.ts";
import { mayHave } from "../../../src/storage/segments/bloom.ts";
import { chainedTo } from "../../../src/storage/segments/hashes.ts";
import { readHeads, readRows } from "../../../src/storage/segments/reader.ts";
import { findSegments } from "../../../src/storage/segments/segment-rows.ts";
import { findCold, thawEvents } from "../../../src/storage/segments/thaw.ts";
import { consumeQueued } from "../../support/deliveries.ts";
import { maintain } from "../../support/maintenance.ts";
import { balanceOf, moveAll, objectKeys, storedSegments, withHotHours } from "../../support/segments.ts";
import { tables } from "../../support/tables.ts";
import {
  type Seen,
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertRouted,
  processBatch,
  storedAlerts,
} from "../../support/world.ts";

const DESTINATION = "dst_0000000000000000000000000001";
const MINUTE = 60_000;
const DAY = 86_400_000;

let world: World = createWorld();
let seen: Seen[] = [];
let status = 200;

beforeEach(async () => {
  status = 200;
  world = createWorld();
  seen = fakeOutside(() => new Response("", { status }));
  await insertRouted(DESTINATION);
});

/** The same event, received at the world's time. */
function now(message: EventMessage): EventMessage {
  const mint = createIdMinter(world.context.clock, (length) => crypto.getRandomValues(new Uint8Array(length)));
  const { id, at_ms } = mint("evt");
  return { ...message, id, received_at: new Date(at_ms).toISOString() };
}

/** Processes events of three alerts, and lets them become two minutes old. */
async function processSome(): Promise<readonly EventMessage[]> {
  const messages = [
    eventMessage("create", "disk"),
    eventMessage("create", "cpu"),
    eventMessage("acknowledge", "none"),
    eventMessage("create", "disk"),
    eventMessage("resolve", "disk"),
    eventMessage("create", "ram"),
  ];
  await processBatch(world.context, messages);
  world.pass(2 * MINUTE);
  return messages;
}

describe("a move", () => {
  it("puts events that are final into a segment, as they were", async () => {
    await processSome();
    const before = await tables.events.all();
    const balance = await balanceOf(world.context);
    expect(await moveAll(world.context)).toBe(6);
    expect(await tables.events.count()).toBe(0);
    const [segment, ...others] = await storedSegments();
    if (segment === undefined) throw new Error("There is no segment.");
    expect(others).toEqual([]);
    expect(segment).toMatchObject({ events: 6, sequence: 1, previous: "", version: 1 });
    expect(segment.removed.size).toBe(0);
    expect(await objectKeys()).toEqual([segment.object_key]);
    const ids = before.map(({ id }) => String(id));
    expect(await readRows(env.BODIES, segment, ids)).toEqual(before);
    expect(await findCold(world.context, ids)).toEqual(new Set(ids));
    expect(segment.chained).toBe(await chainedTo("", segment.id, segment.root));
    expect(before.every(({ alert_id }) => alert_id === null || mayHave(segment.alerts, String(alert_id)))).toBe(true);
    expect(await balanceOf(world.context)).toEqual(balance);
  });

  it("leaves what is pending, waits in a group or is not counted yet", async () => {
    const grouped = eventMessage("create", "cpu");
    await processBatch(world.context, [grouped]);
    status = 503;
    await processBatch(world.context, [eventMessage("create", "disk")]);
    await tables.events.update({ id: grouped.id }, { grouped: 1 });
    const group = { route_id: "rte_1", integration_id: "int_test", group_key: "k", destination_ids: [DESTINATION] };
    await tables.groups.insert({ id: "grp_1", ...group, opened_at: 0, closes_at: 0 });
    await tables.group_members.insert({ group_id: "grp_1", event_id: grouped.id });
    world.pass(2 * MINUTE);
    await processBatch(world.context, [now(eventMessage("create", "ram"))]);
    expect(await moveAll(world.context)).toBe(0);
    expect(await tables.events.count()).toBe(3);
    await tables.groups.update({ id: "grp_1" }, { event_id: "evt_of_group" });
    expect(await moveAll(world.context)).toBe(1);
  });

  it("waits until events are older than HOT_HOURS, and for a thousand of them or some hours", async () => {
    await processSome();
    const warm = withHotHours(world.context, 48);
    const run = async (): Promise<number> => {
      await maintain(warm, "* * * * *", world.context.clock());
      return (await storedSegments()).length;
    };
    expect(await run()).toBe(0);
    world.pass(49 * 60 * MINUTE);
    // The first small segment is written at once, the next one hours later.
    expect(await run()).toBe(1);
    await thawEvents(world.context, [String((await storedSegments())[0]?.from_id)]);
    world.pass(MINUTE);
    expect(await run()).toBe(1);
    world.pass(6 * 60 * MINUTE);
    expect(await run()).toBe(2);
  });

  it("moves nothing if HOT_HOURS is empty, or for a day after an upgrade", async () => {
    await processSome();
    world.pass(49 * 60 * MINUTE);
    await maintain(withHotHours(world.context, null), "* * * * *", world.context.clock());
    expect(await storedSegments()).toEqual([]);
    await tables.config_revision.update({}, { segments_from: world.context.clock() + MINUTE });
    await maintain(withHotHours(world.context, 0), "* * * * *", world.context.clock());
    expect(await storedSegments()).toEqual([]);
  });

  it("goes on behind any number of events that cannot move", async () => {
    const [{ id: last } = { id: "" }] = (await processSome()).slice(-1);
    const [row] = await tables.events.all();
    const mint = createIdMinter(
      () => Date.now() - 60 * MINUTE,
      (length) => crypto.getRandomValues(new Uint8Array(length)),
    );
    const pending = { ...row, deliveries: "[]", alert_id: null, rescue_at: world.context.clock() + DAY };
    await tables.events.insert(...Array.from({ length: 10_100 }, () => ({ ...pending, ...idAndTime(mint) })));
    const hot = withHotHours(world.context, 0);
    await maintain(hot, "* * * * *", world.context.clock());
    for (let round = 0; world.queued.length > 0 && round < 10; round++) {
      await consumeQueued({ ...world, context: hot });
    }
    expect((await storedSegments()).map(({ to_id, events }) => [to_id, events])).toEqual([[last, 6]]);
  });

  it("chains segments, and goes on through the queue while more events wait", async () => {
    await processSome();
    const rows = await tables.events.all();
    const [row] = rows;
    if (row === undefined) throw new Error("There is no event.");
    const mint = createIdMinter(
      () => Date.now() - 60 * MINUTE,
      (length) => crypto.getRandomValues(new Uint8Array(length)),
    );
    const more = Array.from({ length: 4_500 }, () => ({
      ...row,
      ...idAndTime(mint),
      deliveries: "[]",
      alert_id: null,
    }));
    await tables.events.insert(...more);
    const hot = withHotHours(world.context, 0);
    await maintain(hot, "* * * * *", world.context.clock());
    expect(await tables.segments.count()).toBe(1);
    for (let round = 0; world.queued.length > 0 && round < 10; round++) {
      await consumeQueued({ ...world, context: hot });
    }
    const segments = (await storedSegments()).toSorted((a, b) => a.sequence - b.sequence);
    expect(segments.map(({ events, sequence }) => [events, sequence])).toEqual([
      [2_000, 1],
      [2_000, 2],
      [506, 3],
    ]);
    expect(segments.map(({ previous }) => previous)).toEqual(["", segments[0]?.chained, segments[1]?.chained]);
    expect((await balanceOf(world.context)).balanced).toBe(true);
  });
});

function idAndTime(mint: ReturnType<typeof createIdMinter>): { id: string; received_at: string } {
  const { id, at_ms } = mint("evt");
  return { id, received_at: new Date(at_ms).toISOString() };
}

describe("a thaw", () => {
  it("brings events back as they were, once, and they move again", async () => {
    const messages = await processSome();
    const before = await tables.events.all();
    const balance = await balanceOf(world.context);
    await moveAll(world.context);
    const ids = messages.map(({ id }) => id);
    const [first = "", second = "", ...rest] = ids;
    const thaws = await Promise.all([
      thawEvents(world.context, [first, second]),
      thawEvents(world.context, [second, "evt_unknown"]),
    ]);
    expect(thaws.flatMap((each) => [...each]).toSorted()).toEqual([first, second]);
    expect(await tables.events.all()).toEqual(before.slice(0, 2));
    const [segment] = await storedSegments();
    expect([...(segment?.removed ?? [])].toSorted()).toEqual([first, second]);
    expect(await findCold(world.context, ids)).toEqual(new Set(rest));
    expect(await balanceOf(world.context)).toEqual(balance);
    expect(await thawEvents(world.context, ids)).toEqual(new Set(rest));
    expect(await tables.events.all()).toEqual(before);
    expect((await storedSegments())[0]?.hours).toEqual({});
    expect(await balanceOf(world.context)).toEqual(balance);
    expect(await moveAll(world.context)).toBe(6);
    expect(await balanceOf(world.context)).toEqual(balance);
    const where = await findSegments(world.context.shard.db, [first]);
    const holding = await Promise.all(where.map(async (each) => (await readHeads(env.BODIES, each)).length));
    expect(holding.toSorted((a, b) => a - b)).toEqual([0, 6]);
  });

  it("is made for an event whose message comes again, which changes nothing", async () => {
    const messages = await processSome();
    const alerts = await storedAlerts();
    const balance = await balanceOf(world.context);
    await moveAll(world.context);
    const sent = seen.length;
    await processBatch(world.context, messages);
    expect(seen).toHaveLength(sent);
    expect(await storedAlerts()).toEqual(alerts);
    expect(await tables.events.count()).toBe(6);
    expect(await balanceOf(world.context)).toEqual(balance);
  });

  it("is made for events that a late one corrects", async () => {
    const late = eventMessage("create", "disk");
    const opener = eventMessage("create", "disk");
    await processBatch(world.context, [opener]);
    world.pass(2 * MINUTE);
    await moveAll(world.context);
    await processBatch(world.context, [late]);
    const rows = await tables.events.all<{ id: string; outcome: string }>();
    expect(rows.map(({ id, outcome }) => [id, outcome])).toEqual([
      [late.id, "created"],
      [opener.id, "repeated"],
    ]);
    expect(await storedAlerts()).toMatchObject([{ id: `alr_${late.id.slice(4)}`, dedup_count: 1 }]);
  });

  it("is not needed for a new event of an alert", async () => {
    await processBatch(world.context, [eventMessage("create", "disk")]);
    world.pass(2 * MINUTE);
    await moveAll(world.context);
    await processBatch(world.context, [now(eventMessage("resolve", "disk"))]);
    expect(await tables.events.count()).toBe(1);
    expect(await storedAlerts()).toMatchObject([{ status: "resolved" }]);
  });
});

describe("retention", () => {
  it("drops segments with their objects and bodies, and nothing is left to count", async () => {
    await processSome();
    await moveAll(world.context);
    const ids = [...(await storedSegments())].map(({ from_id }) => from_id);
    await thawEvents(world.context, ids);
    await env.BODIES.put("segments/0/seg_orphan", "an interrupted move");
    world.pass(31 * DAY);
    await maintain(world.context, "* * * * *", world.context.clock());
    expect(await objectKeys()).toEqual([]);
    expect(await tables.segments.count()).toBe(0);
    expect(await tables.events.count()).toBe(0);
    expect(await tables.rollups.count()).toBe(0);
    expect(await balanceOf(world.context)).toMatchObject({ accepted: 0, balanced: true });
  });
});
