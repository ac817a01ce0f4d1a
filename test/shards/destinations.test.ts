import { describe, expect, it } from "vitest";
import { forgetContext } from "../../src/context.ts";
import { unwrap } from "../../src/client/index.ts";
import { client } from "../support/api.ts";
import { SLOW, destination, idsIn, integrationIn, post, countsOf, standUp, withEvents } from "./stand.ts";
import { tables } from "../support/tables.ts";

describe("a destination that both shards deliver to", () => {
  it("has what is pending in either cancelled when it is turned off, and when it is deleted", async () => {
    const { stand, to, events } = await withEvents(() => new Response("no", { status: 500 }));
    await client.destinations.update(to, { enabled: false });
    for (const id of events) {
      expect(unwrap(await client.events.get(id)).deliveries).toMatchObject([
        { status: "cancelled", reason: "destination_disabled" },
      ]);
    }
    await client.destinations.update(to, { enabled: true });
    for (const id of events) await client.events.replay(id, {});
    stand.lose();
    await client.destinations.delete(to, { force: true });
    for (const id of events) {
      const { deliveries } = unwrap(await client.events.get(id));
      expect(deliveries.at(-1)).toMatchObject({ status: "cancelled", reason: "destination_deleted" });
    }
    expect(unwrap(await client.reconciliation.get())).toMatchObject({ cancelled: 4, pending: 0, balanced: true });
  });

  it("is turned off by a 410 in the second shard, which cancels what the first one owes it and is told of by the home", async () => {
    let isGone = false;
    const { stand, to, events } = await withEvents(({ body }) => {
      if (body.includes("destination.disabled")) return new Response("ok");
      return new Response("no", { status: isGone ? 410 : 500 });
    });
    isGone = true;
    await destination({ url: "https://watcher.example.com/in" }, ["destination.disabled"]);
    const { deliveries } = unwrap(await client.events.get(events[1] ?? ""));
    await client.deliveries.retry(deliveries[0]?.id ?? "");
    await stand.drain();
    expect(unwrap(await client.destinations.get(to))).toMatchObject({ enabled: false, disabled_reason: "gone" });
    expect(unwrap(await client.events.get(events[0] ?? "")).deliveries).toMatchObject([{ status: "cancelled" }]);
    const told = stand.seen.filter(({ url }) => url.includes("watcher"));
    expect(told.map(({ body }) => JSON.parse(body))).toMatchObject([{ type: "destination.disabled" }]);
    expect((await idsIn("events")).map(({ length }) => length)).toEqual([2, 1]);
    expect(unwrap(await client.reconciliation.get())).toMatchObject({ balanced: true, pending: 0 });
  });

  it("has one breaker: failures in the second shard hold back the first, and a success there lets both go on", async () => {
    let works = false;
    const stand = standUp(() => new Response("", { status: works ? 200 : 500 }));
    const to = await destination({ retry_schedule: SLOW });
    const [first, second] = [await integrationIn(0), await integrationIn(1)];
    for (const key of ["a", "b", "c", "d", "e"]) {
      await post(second, key);
      await stand.drain();
    }
    expect(stand.seen).toHaveLength(5);
    expect(unwrap(await client.destinations.get(to)).health).toMatchObject({ failures: 5 });
    const held = (await post(first, "held")).json.id;
    await stand.drain();
    expect(stand.seen).toHaveLength(5);
    const waiting = async () => unwrap(await client.events.get(held)).deliveries;
    expect(await waiting()).toMatchObject([{ status: "pending", attempts: [] }]);
    expect(await countsOf("destination_health")).toEqual([1, 0]);

    works = true;
    const [delivery] = unwrap(await client.deliveries.list({ integration_id: second })).data;
    await client.deliveries.retry(delivery?.id ?? "");
    await stand.drain();
    expect(await waiting()).toMatchObject([{ status: "delivered" }]);
    expect(unwrap(await client.destinations.get(to)).health).toMatchObject({ failures: 0 });
  });

  it("has one rate limit", async () => {
    const stand = standUp();
    await destination({ rate_limit: { requests: 2, period_seconds: 3_600 } });
    const [first, second] = [await integrationIn(0), await integrationIn(1)];
    for (const [index, id] of [first, second, first, second].entries()) {
      await post(id, `key ${index}`);
      await stand.drain();
    }
    expect(stand.seen).toHaveLength(2);
    expect(unwrap(await client.deliveries.list({ status: "pending" })).data).toHaveLength(2);
    await client.destinations.update(unwrap(await client.destinations.list()).data[0]?.id ?? "", { rate_limit: null });
    await stand.drain();
    expect(stand.seen).toHaveLength(4);
  });
});

describe("what belongs to a destination is asked of the home, by an isolate that has just begun in the second shard", () => {
  async function openBreaker(to: string, until: number): Promise<void> {
    const failing = { failures: 5, failing_since: Date.now(), retry_at: until };
    await tables.destination_health.insert({ destination_id: to, ...failing });
    forgetContext();
  }

  it("its breaker, before a first attempt", async () => {
    const stand = standUp();
    const to = await destination({ retry_schedule: SLOW });
    const id = await integrationIn(1);
    await openBreaker(to, Date.now() + 600_000);
    await post(id, "disk");
    await stand.drain();
    expect(stand.seen).toEqual([]);
    expect(unwrap(await client.deliveries.list({ status: "pending" })).data).toHaveLength(1);
  });

  it("its breaker, before a retry, and then who may try it", async () => {
    let works = false;
    const stand = standUp(() => new Response("", { status: works ? 200 : 500 }));
    const to = await destination({ retry_schedule: SLOW });
    await post(await integrationIn(1), "disk");
    await stand.drain();
    await tables.destination_health.delete();
    await openBreaker(to, Date.now() + 900_000);
    works = true;
    await stand.pass(800_000);
    expect(stand.seen).toHaveLength(1);
    expect(unwrap(await client.deliveries.list()).data).toMatchObject([{ status: "pending", reason: "breaker_open" }]);

    forgetContext();
    await stand.pass(200_000);
    expect(stand.seen).toHaveLength(2);
    expect(unwrap(await client.deliveries.list()).data).toMatchObject([{ status: "delivered" }]);
    expect(await tables.destination_health.count()).toBe(0);
  });

  it("one attempt that tries it, where several shards could", async () => {
    const stand = standUp();
    const to = await destination({ retry_schedule: SLOW });
    const ids = [await integrationIn(0), await integrationIn(1)];
    await openBreaker(to, Date.now() - 1);
    await tables.destination_health.update({}, { probe_until: Date.now() + 600_000 });
    for (const id of ids) await post(id, "disk");
    await stand.drain();
    expect(stand.seen).toEqual([]);
    await tables.destination_health.update({}, { probe_until: null });
    forgetContext();
    await post(ids[1] ?? "", "probe");
    await stand.drain();
    expect(stand.seen.map(({ body }) => JSON.parse(body).data.alert.key)).toContain("probe");
    expect(unwrap(await client.deliveries.list({ status: "delivered" })).data).toHaveLength(3);
  });

  it("its lanes, which are given back there", async () => {
    const stand = standUp();
    const to = await destination({ max_concurrency: 1 });
    const id = await integrationIn(1);
    const lease = { lease_id: "another", expires_at: Date.now() + 30_000 };
    await tables.concurrency_leases.insert({ destination_id: to, ...lease });
    await post(id, "disk");
    await stand.drain();
    expect(stand.seen).toEqual([]);
    await tables.concurrency_leases.delete();
    await stand.pass(5_000);
    expect(stand.seen).toHaveLength(1);
    expect(await countsOf("concurrency_leases")).toEqual([0, 0]);
  });

  it("its access token", async () => {
    const stand = standUp(({ url }) => {
      return url.includes("/token")
        ? Response.json({ access_token: "opened", token_type: "Bearer", expires_in: 3_600 })
        : new Response("ok");
    });
    const oauth = {
      type: "oauth2_client_credentials",
      token_url: "https://auth.example.com/token",
      client_id: "gate",
      client_secret: "s3cret-of-the-gate",
    } as const;
    await destination({ auth: oauth });
    for (const number of [1, 0]) {
      await post(await integrationIn(number), "disk");
      await stand.drain();
      forgetContext();
    }
    expect(stand.seen.filter(({ url }) => url.includes("/token"))).toHaveLength(1);
    const sent = stand.seen.filter(({ url }) => !url.includes("/token"));
    expect(sent.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer opened", "Bearer opened"]);
    expect(await countsOf("oauth_tokens")).toEqual([1, 0]);
  });
});
