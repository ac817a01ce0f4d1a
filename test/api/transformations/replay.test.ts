import { describe, expect, it, vi } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { client, faultsOf, request, statusOf } from "../../support/api.ts";
import { moveToSegments } from "../../support/cold.ts";
import { type Line, openLine } from "../../support/flow.ts";
import { tables } from "../../support/tables.ts";
import { changeBody, insertBody } from "../../support/transformations.ts";

const THROWS = "throw new Error('no ' + event.payload.n);";
const MENDED = "event.payload.mended = true; return event;";
const FRAGILE = "if (event.payload.n === 2) throw new Error('two'); return event;";

/** An integration whose events 0, 1, … have failed. */
async function withFailed(count: number, body = THROWS): Promise<{ readonly id: string; readonly line: Line }> {
  const id = await insertBody(body);
  const line = await openLine("catch", {}, { transformation_id: id });
  for (let n = 0; n < count; n++) await line.send({ n });
  return { id, line };
}

async function run(id: string, more: object = {}) {
  return unwrap(await client.transformations.replay(id, { dry_run: false, ...more }));
}

describe("a replay of the events for which a transformation failed", () => {
  it("counts without running anything unless it is told to", async () => {
    const { id, line } = await withFailed(2);
    const before = await line.events();
    const counted = { dry_run: true, count: 2, replayed: 0, failed: 0, failures: [], stopped: false };
    expect(unwrap(await client.transformations.replay(id))).toEqual({ ...counted, next_cursor: null });
    expect(unwrap(await client.transformations.replay(id, { dry_run: true }))).toMatchObject(counted);
    expect(await line.events()).toEqual(before);
    expect(unwrap(await client.audit.list({ id })).data).toEqual([]);
  });

  it("runs each again once its code is mended, and its routes decide", async () => {
    const { id, line } = await withFailed(5);
    await line.send({ n: 5 });
    expect(line.delivered()).toEqual([]);
    await changeBody(id, MENDED);
    expect(await run(id)).toEqual({
      dry_run: false,
      count: 6,
      replayed: 6,
      failed: 0,
      failures: [],
      stopped: false,
      next_cursor: null,
    });
    const delivered = line.delivered().map(({ data }) => data.event.payload);
    expect(delivered).toHaveLength(6);
    expect(delivered).toEqual(expect.arrayContaining([0, 1, 2, 3, 4, 5].map((n) => ({ n, mended: true }))));
    expect(new Set((await line.events()).map(({ outcome }) => outcome))).toEqual(new Set(["received"]));
    // A repetition finds nothing.
    expect(await run(id)).toMatchObject({ count: 0, replayed: 0, next_cursor: null });
    expect(line.delivered()).toHaveLength(6);
    const { data } = unwrap(await client.audit.list({ id }));
    expect(data.map(({ action, after }) => [action, after?.["count"]])).toEqual([
      ["transformation.replayed", 0],
      ["transformation.replayed", 6],
    ]);
  });

  it("takes events from D1 and from segments", async () => {
    const { id, line } = await withFailed(4);
    const [first, second] = await line.events();
    await moveToSegments([[first?.id ?? "", second?.id ?? ""]]);
    expect(await tables.events.count()).toBe(2);
    await changeBody(id, MENDED);
    expect(unwrap(await client.transformations.replay(id))).toMatchObject({ count: 4, next_cursor: null });
    expect(await run(id)).toMatchObject({ count: 4, replayed: 4, failed: 0, next_cursor: null });
    expect(line.delivered()).toHaveLength(4);
    expect(unwrap(await client.reconciliation.get())).toMatchObject({ delivered: 4, dead: 0, balanced: true });
  });

  it("stops after three failures in a row, with the reasons of the code as it is now", async () => {
    const { id, line } = await withFailed(5);
    await changeBody(id, "throw new Error('still ' + event.payload.n);");
    const stopped = await run(id);
    expect(stopped).toMatchObject({ count: 3, replayed: 0, failed: 3, stopped: true });
    const events = await line.events();
    expect(stopped.failures.map(({ event_id }) => event_id)).toEqual([4, 3, 2].map((index) => events[index]?.id));
    expect(stopped.failures[0]?.note).toContain("Error: still 4");
    // It can be continued behind them, and begun anew.
    expect(await run(id, { cursor: stopped.next_cursor })).toMatchObject({ count: 2, failed: 2, next_cursor: null });
    await changeBody(id, MENDED);
    expect(await run(id)).toMatchObject({ count: 5, replayed: 5, failed: 0, stopped: false, next_cursor: null });
    expect(line.delivered()).toHaveLength(5);
  });

  it("leaves single events that fail again, and replays the others", async () => {
    const { id, line } = await withFailed(5);
    await changeBody(id, FRAGILE);
    const result = await run(id);
    expect(result).toMatchObject({ count: 5, replayed: 4, failed: 1, stopped: false, next_cursor: null });
    const failed = (await line.events())[2];
    expect(result.failures).toEqual([{ event_id: failed?.id, note: expect.stringContaining("Error: two") }]);
    expect(failed?.outcome).toBe("transformation_failed");
    expect(line.delivered()).toHaveLength(4);
  });

  it("takes pages of at most fifty, and each event once", async () => {
    const { id, line } = await withFailed(60);
    await changeBody(id, MENDED);
    const counted = unwrap(await client.transformations.replay(id));
    expect(counted.count).toBe(50);
    expect(unwrap(await client.transformations.replay(id, { cursor: counted.next_cursor })).count).toBe(10);
    const first = await run(id);
    expect(first).toMatchObject({ count: 50, replayed: 50 });
    expect(await run(id, { cursor: first.next_cursor })).toMatchObject({ count: 10, replayed: 10, next_cursor: null });
    expect(line.delivered()).toHaveLength(60);
  });

  it("begins no more events when its time is over, and continues with the next page", async () => {
    const { id, line } = await withFailed(20);
    await changeBody(id, MENDED);
    const clock = Date.now.bind(Date);
    let shift = 0;
    // Each reading of the clock takes five seconds.
    const watch = vi.spyOn(Date, "now").mockImplementation(() => clock() + (shift += 5_000));
    const first = await run(id);
    watch.mockRestore();
    expect(first).toMatchObject({ count: 3, replayed: 3, stopped: false });
    expect(await run(id, { cursor: first.next_cursor })).toMatchObject({ count: 17, replayed: 17, next_cursor: null });
    expect(new Set((await line.events()).map(({ outcome }) => outcome))).toEqual(new Set(["received"]));
  });

  it("takes only events of the given times, and of integrations that have the transformation", async () => {
    const { id, line } = await withFailed(3);
    const other = await insertBody(THROWS, "Other");
    const elsewhere = await openLine("catch", {}, { transformation_id: other });
    await elsewhere.send({ n: 9 });
    const at = (await line.events())[1]?.received_at ?? "";
    const since = unwrap(await client.transformations.replay(id, { from: at })).count;
    const until = unwrap(await client.transformations.replay(id, { to: at })).count;
    expect([since, until]).toEqual([expect.toBeOneOf([2, 3]), expect.toBeOneOf([2, 3])]);
    expect(unwrap(await client.transformations.replay(id, { to: "2020-01-01T00:00:00Z" }))).toMatchObject({ count: 0 });
    expect(unwrap(await client.transformations.replay(other)).count).toBe(1);
    // A second integration with the transformation adds its events.
    unwrap(await client.integrations.update(elsewhere.id, { transformation_id: id }));
    expect(unwrap(await client.transformations.replay(id)).count).toBe(4);
    expect(unwrap(await client.transformations.replay(other)).count).toBe(0);
    const ids = (await tables.events.all<{ id: string }>()).map((row) => row.id);
    await moveToSegments([ids.slice(0, 2), ids.slice(2)]);
    expect(unwrap(await client.transformations.replay(id)).count).toBe(4);
    await changeBody(id, MENDED);
    expect(await run(id)).toMatchObject({ count: 4, replayed: 4, next_cursor: null });
  });

  it("leaves out events whose content was erased", async () => {
    const { id, line } = await withFailed(2);
    const [first] = await line.events();
    unwrap(await client.events.erase(first?.id ?? ""));
    await changeBody(id, MENDED);
    expect(await run(id)).toMatchObject({ count: 1, replayed: 1, failed: 0, next_cursor: null });
  });

  it("returns the first response again for its Idempotency-Key, until what it quotes is erased", async () => {
    const { id, line } = await withFailed(1);
    const key = { idempotency_key: "once" };
    const first = unwrap(await client.transformations.replay(id, { dry_run: false }, key));
    expect(first.failures[0]?.note).toContain("no 0");
    await changeBody(id, MENDED);
    expect(unwrap(await client.transformations.replay(id, { dry_run: false }, key))).toEqual(first);
    unwrap(await client.events.erase((await line.events())[0]?.id ?? ""));
    expect(statusOf(await client.transformations.replay(id, { dry_run: false }, key))).toBe(409);
  });

  it("refuses what is wrong, by its name", async () => {
    const id = await insertBody(MENDED);
    expect(statusOf(await client.transformations.replay("trf_none"))).toBe(404);
    const range = { from: "2026-11-20T10:00:00Z", to: "2026-11-20T09:00:00Z" };
    expect(faultsOf(await client.transformations.replay(id, range))).toEqual(["to"]);
    for (const field of ["from", "to", "cursor", "dry_run", "limit"]) {
      const body = JSON.stringify({ [field]: "nonsense" });
      const reply = await request(`/transformations/${id}/replay`, { method: "POST", body });
      expect([reply.status, faultsOf(reply)]).toEqual([400, [field]]);
    }
    expect(unwrap(await client.transformations.replay(id, { from: null, to: null, cursor: null })).count).toBe(0);
  });
});
