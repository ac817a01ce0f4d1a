import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { stepReplay } from "../../src/delivery/replay/replay-step.ts";
import { contextOf, withShard } from "../../src/context.ts";
import { joinParts, type Replay } from "../../src/model/replay.ts";
import { type ReplayCreation, unwrap } from "../../src/client/index.ts";
import { client, headersOf, startedReplay, statusOf } from "../support/api.ts";
import { AT, contentOf, deliveryTo, mint } from "../api/records.ts";
import { type Stand, destination, forgetConfig, idsIn, integrationIn, shard, standUp } from "./stand.ts";
import { tables, tablesOf } from "../support/tables.ts";

const MINUTE_MS = 60_000;

/** So many events in each shard, each with a dead delivery to a destination that takes everything from now on. */
async function withDead(counts: readonly number[]) {
  const stand = standUp();
  const to = await destination();
  const integrations: string[] = [];
  for (const [number, count] of counts.entries()) {
    const integration = await integrationIn(number);
    integrations.push(integration);
    for (let index = 0; index < count; index++) {
      const { id } = mint("evt");
      const deliveries = [deliveryTo(id, to, { status: "dead", reason: "attempts_exhausted" })];
      const event = { id, integration_id: integration, type: "event.received", received_at: AT, deliveries };
      await tablesOf(shard(number).db).events.insert({ ...event, content: contentOf({ Id: id }) });
    }
  }
  return { stand, to, integrations };
}

async function count(filter: ReplayCreation["filter"] & object): Promise<unknown> {
  return unwrap(await client.replays.create({ filter, dry_run: true })).count;
}

async function toTheEnd(stand: Stand): Promise<void> {
  for (let round = 0; round < 5; round++) await stand.pass(MINUTE_MS);
}

describe("a replay in bulk over two shards", () => {
  it("has a part in each, which are shown as one, and repeats everything once", async () => {
    const { stand } = await withDead([3, 5]);
    const replay = startedReplay(await client.replays.create({ filter: { status: "dead" }, dry_run: false }));
    expect(replay).toMatchObject({ status: "running", count: 8, rate_per_second: 20 });
    const { id } = replay;
    expect(await idsIn("replays")).toEqual([[id], [id]]);
    expect(unwrap(await client.replays.list()).data).toMatchObject([{ id, status: "running", count: 8 }]);
    await toTheEnd(stand);
    expect(unwrap(await client.replays.get(id))).toMatchObject({ status: "done", count: 8, replayed: 8, failed: 0 });
    expect(stand.seen).toHaveLength(8);
    expect(unwrap(await client.deliveries.list({ status: "delivered" })).data).toHaveLength(8);
    expect(unwrap(await client.replays.list()).data).toHaveLength(1);
  });

  it("counts, and takes, those of one integration in its shard alone", async () => {
    const { stand, integrations } = await withDead([3, 5]);
    expect(await count({ status: "dead" })).toBe(8);
    expect(await count({ integration_id: integrations[1] ?? "" })).toBe(5);
    expect(await count({ integration_id: "int_nobody" })).toBe(0);
    const { id } = startedReplay(
      await client.replays.create({ filter: { integration_id: integrations[1] ?? "" }, dry_run: false }),
    );
    expect(await idsIn("replays")).toEqual([[], [id]]);
    await toTheEnd(stand);
    expect(unwrap(await client.replays.get(id))).toMatchObject({ status: "done", count: 5, replayed: 5 });
  });

  it("that finds nothing is done, and on record", async () => {
    await withDead([0, 0]);
    const replay = startedReplay(await client.replays.create({ filter: { status: "dead" }, dry_run: false }));
    expect(replay).toMatchObject({ status: "done", count: 0 });
    expect(unwrap(await client.replays.list()).data).toMatchObject([{ id: replay.id, status: "done" }]);
  });

  it("leaves out destinations that are off, whichever database knows of it", async () => {
    const { to } = await withDead([1, 1]);
    await tables.destinations.update({ id: to }, { enabled: 0 });
    forgetConfig();
    expect(await count({ status: "dead" })).toBe(0);
    await tables.destinations.update({ id: to }, { enabled: 1 });
    forgetConfig();
    expect(await count({ status: "dead" })).toBe(2);
  });

  it("keeps to one rate over both: each part makes its repeats half as fast", async () => {
    const { stand } = await withDead([4, 4]);
    const { id } = startedReplay(
      await client.replays.create({ filter: { status: "dead" }, dry_run: false, rate_per_second: 1 }),
    );
    stand.lose();
    await stepReplay(withShard(contextOf(env), shard(1)), id);
    const due = unwrap(await client.deliveries.list({ status: "pending" })).data.map((each) =>
      Date.parse(each.next_attempt_at ?? ""),
    );
    const first = Math.min(...due);
    expect(due.map((ms) => ms - first).toSorted((a, b) => a - b)).toEqual([0, 2_000, 4_000, 6_000]);
  });

  it("makes nothing for a destination that was turned off since it was begun", async () => {
    const { stand, to } = await withDead([1, 1]);
    const { id } = startedReplay(await client.replays.create({ filter: { status: "dead" }, dry_run: false }));
    await client.destinations.update(to, { enabled: false });
    await toTheEnd(stand);
    expect(unwrap(await client.replays.get(id))).toMatchObject({ status: "done", count: 2, replayed: 0 });
    expect(unwrap(await client.deliveries.list()).data.filter(({ replay_of }) => replay_of !== null)).toEqual([]);
  });

  it("is stopped in both", async () => {
    const { stand } = await withDead([2, 2]);
    const { id } = startedReplay(await client.replays.create({ filter: { status: "dead" }, dry_run: false }));
    stand.lose();
    expect(unwrap(await client.replays.cancel(id))).toMatchObject({ id, status: "cancelled", count: 4 });
    await stand.pass(20_000);
    await stand.runMaintenance();
    await stand.drain();
    expect(stand.seen).toEqual([]);
    expect(statusOf(await client.replays.cancel("rpl_none"))).toBe(404);
  });

  it("is resumed by maintenance if its messages are lost", async () => {
    const { stand } = await withDead([2, 2]);
    const { id } = startedReplay(await client.replays.create({ filter: { status: "dead" }, dry_run: false }));
    stand.lose();
    await stand.pass(20_000);
    await stand.runMaintenance();
    await toTheEnd(stand);
    await stand.runMaintenance();
    await toTheEnd(stand);
    expect(unwrap(await client.replays.get(id))).toMatchObject({ status: "done", replayed: 4 });
  });

  it("is begun once under one Idempotency-Key", async () => {
    await withDead([2, 2]);
    const key = { idempotency_key: "again" };
    const ask = () => client.replays.create({ filter: { status: "dead" }, dry_run: false }, key);
    const [one, other] = [await ask(), await ask()];
    expect(unwrap(other)).toEqual(unwrap(one));
    expect(headersOf(other).get("idempotency-replayed")).toBe("true");
    expect(await idsIn("replays")).toEqual([[startedReplay(one).id], [startedReplay(one).id]]);
  });

  it("only in the second shard keeps its answer too", async () => {
    const { integrations } = await withDead([0, 2]);
    const ask = () =>
      client.replays.create(
        { filter: { integration_id: integrations[1] ?? "" }, dry_run: false },
        { idempotency_key: "again" },
      );
    const [one, other] = [await ask(), await ask()];
    expect(unwrap(other)).toEqual(unwrap(one));
    expect(await idsIn("replays")).toEqual([[], [startedReplay(one).id]]);
  });

  it("that the home cannot put on record does not go on in the other", async () => {
    const { stand } = await withDead([2, 2]);
    const batch = env.DB.batch.bind(env.DB);
    vi.spyOn(env.DB, "batch").mockImplementation(async (statements) => {
      if (statements.length === 1) throw new Error("D1_ERROR: Network connection lost.");
      return await batch(statements);
    });
    expect(statusOf(await client.replays.create({ filter: { status: "dead" }, dry_run: false }))).toBe(500);
    vi.mocked(env.DB.batch).mockRestore();
    await stand.pass(20_000);
    await stand.runMaintenance();
    await stand.drain();
    expect(stand.seen).toEqual([]);
  });
});

describe("a replay of several parts", () => {
  const part: Replay = {
    id: "rpl_1",
    filter: {
      status: ["delivered", "dead", "cancelled"],
      destination_id: null,
      integration_id: null,
      route_id: null,
      from: null,
      to: null,
      delivery_ids: null,
    },
    status: "running",
    rate_per_second: 20,
    count: 4,
    count_is_exact: true,
    replayed: 2,
    failed: 1,
    position: "evt_5",
    created_at: AT,
    updated_at: AT,
  };
  const later = new Date(Date.parse(AT) + 1).toISOString();

  it("runs while one does, and is cancelled where one is that was not done", () => {
    const statuses = ["running", "done", "cancelled"] as const;
    const joined = statuses.map((a) =>
      statuses.map(
        (b) =>
          joinParts([
            { ...part, status: a },
            { ...part, status: b },
          ])?.status,
      ),
    );
    expect(joined).toEqual([
      ["running", "running", "running"],
      ["running", "done", "cancelled"],
      ["running", "cancelled", "cancelled"],
    ]);
  });

  it("adds up, and is as far as the part that is furthest behind", () => {
    const other = { ...part, position: "evt_3", updated_at: later };
    expect(joinParts([part, other])).toEqual({
      ...part,
      count: 8,
      replayed: 4,
      failed: 2,
      position: "evt_3",
      updated_at: later,
    });
    expect(joinParts([part, { ...other, status: "done" }])?.position).toBe("evt_5");
    expect(
      joinParts([
        { ...part, status: "done" },
        { ...other, status: "done" },
      ])?.position,
    ).toBe("evt_5");
    expect(joinParts([part])).toBe(part);
    expect(joinParts([])).toBeNull();
  });
});
