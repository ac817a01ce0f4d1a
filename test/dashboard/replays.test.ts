import { describe, expect, it } from "vitest";
import { hasReplayable, replayableDeliveries } from "../../src/dashboard/deliveries/replayable.ts";
import { deliverySearch } from "../../src/dashboard/deliveries/search.ts";
import { replayableEvents } from "../../src/dashboard/events/replayable.ts";
import { eventSearch } from "../../src/dashboard/events/search.ts";
import { collectIds } from "../../src/dashboard/replays/collect.ts";
import { replayEach } from "../../src/dashboard/replays/each.ts";
import { countText, partText } from "../../src/dashboard/replays/words.ts";

const NOW_MS = Date.parse("2026-01-31T12:00:00.000Z");
const NOW = new Date(NOW_MS).toISOString();
const HOUR_AGO = "2026-01-31T11:00:00.000Z";
const EVERY = ["delivered", "dead", "cancelled"];

const ofDeliveries = (search: Record<string, string>) => replayableDeliveries(deliverySearch(search), NOW_MS)?.scope;
const ofEvents = (search: Record<string, string>) => replayableEvents(eventSearch(search), NOW_MS).scope;

describe("what a replay of the deliveries that a filter shows repeats", () => {
  it.each([
    [{ status: "dead" }, { status: ["dead"], to: NOW }],
    [{ outstanding: "true" }, { status: ["dead"], to: NOW }],
    [
      { destination: "dst_1", integration: "int_1" },
      { status: EVERY, destination_id: "dst_1", integration_id: "int_1", to: NOW },
    ],
    [
      { status: "delivered", range: "1h" },
      { status: ["delivered"], from: HOUR_AGO, to: NOW },
    ],
    [
      { from: HOUR_AGO, to: "2026-01-31T11:30:00Z" },
      { status: EVERY, from: HOUR_AGO, to: "2026-01-31T11:30:00.000Z" },
    ],
    [{ from: "2026-02-01T00:00:00.000Z" }, { status: EVERY, from: "2026-02-01T00:00:00.000Z", to: null }],
  ])("of %j is a filter of the gateway", (search, filter) => {
    expect(ofDeliveries(search)).toEqual({ by: "filter", filter });
  });

  it("is named by ids if the gateway does not know a filter", () => {
    expect(ofDeliveries({ type: "alert.created" })?.by).toBe("deliveries");
    expect(ofDeliveries({ event: "evt_1", status: "dead" })?.by).toBe("deliveries");
  });

  it.each([{ status: "pending" }, { outstanding: "true", status: "delivered" }])("of %j is nothing", (search) => {
    expect(hasReplayable(deliverySearch(search))).toBe(false);
    expect(ofDeliveries(search)).toBeUndefined();
  });
});

describe("what a replay of the events that a filter shows repeats", () => {
  it("is a filter of the gateway if it knows all filters", () => {
    const filter = { status: EVERY, integration_id: "int_1", from: HOUR_AGO, to: NOW };
    expect(ofEvents({ integration: "int_1", range: "1h", tab: "raw" })).toEqual({ by: "filter", filter });
  });

  it.each([{ q: "disk" }, { alert: "alr_1" }, { type: "alert.created" }, { outcome: "created" }, { unrouted: "true" }])(
    "of %j is each event by itself",
    (search) => {
      expect(ofEvents(search).by).toBe("events");
    },
  );
});

type Row = { readonly id: string; readonly isWanted: boolean };

function listOf(pages: readonly (readonly Row[])[]) {
  const asked: (string | undefined)[] = [];
  const readPage = async (cursor: string | undefined) => {
    asked.push(cursor);
    const index = Number(cursor ?? 0);
    const next_cursor = index + 1 < pages.length ? String(index + 1) : null;
    return { data: pages[index] ?? [], next_cursor };
  };
  return { asked, readPage };
}

const wanted = (...ids: readonly string[]): readonly Row[] => ids.map((id) => ({ id, isWanted: true }));

describe("reading the ids of a list", () => {
  const { signal } = new AbortController();

  it("reads short and empty pages to the end, each row once", async () => {
    const { asked, readPage } = listOf([wanted("a"), [], [{ id: "x", isWanted: false }], wanted("a", "b")]);
    const found: number[] = [];
    const onFound = (count: number): number => found.push(count);
    const read = await collectIds({ readPage, isWanted: (row) => row.isWanted, signal, onFound });
    expect(read).toEqual({ ids: ["a", "b"], isWhole: true });
    expect(asked).toEqual([undefined, "1", "2", "3"]);
    expect(found).toEqual([1, 1, 1, 2]);
  });

  it.each([
    ["with another row in the page", [wanted("a", "b", "c")], false],
    ["with another row in a later page", [wanted("a", "b"), [], wanted("c")], false],
    ["with nothing else in the list", [wanted("a", "b"), [{ id: "x", isWanted: false }]], true],
  ])("stops at its bound, %s", async (_, pages, isWhole) => {
    const { readPage } = listOf(pages);
    const read = await collectIds({ readPage, isWanted: (row) => row.isWanted, signal, onFound: () => {} }, 2);
    expect(read).toEqual({ ids: ["a", "b"], isWhole });
  });
});

describe("replaying one by one", () => {
  const ids = Array.from({ length: 30 }, (_, index) => `evt_${index}`);

  it("replays each once, a few at a time, and names refusals", async () => {
    const done = new Map<string, string | null>();
    let running = 0;
    let most = 0;
    await replayEach(ids, {
      replay: async (id) => {
        most = Math.max(most, ++running);
        await Promise.resolve();
        running--;
        return id === "evt_7" ? "It is gone." : null;
      },
      signal: new AbortController().signal,
      onDone: (id, why) => done.set(id, why),
    });
    expect([...done.keys()].toSorted()).toEqual(ids.toSorted());
    expect([...done.values()].filter((why) => why !== null)).toEqual(["It is gone."]);
    expect(most).toBe(4);
  });

  it("starts none after a failure, and rejects with it when those in flight are done", async () => {
    const started: string[] = [];
    const done: string[] = [];
    const run = replayEach(ids, {
      replay: async (id) => {
        started.push(id);
        await Promise.resolve();
        if (id === "evt_5") throw new Error("no connection");
        return null;
      },
      signal: new AbortController().signal,
      onDone: (id) => done.push(id),
    });
    await expect(run).rejects.toThrow("no connection");
    expect(started.length).toBeLessThan(12);
    expect(done).toHaveLength(started.length - 1);
  });

  it("starts none after a stop", async () => {
    const stopper = new AbortController();
    const done: string[] = [];
    const replay = async (): Promise<null> => {
      stopper.abort();
      return null;
    };
    await replayEach(ids, { replay, signal: stopper.signal, onDone: (id) => done.push(id) });
    expect(done.length).toBeLessThanOrEqual(4);
  });
});

describe("the words of a replay", () => {
  it("count in singular and plural", () => {
    expect([countText(1, "delivery"), countText(2, "event")]).toEqual(["1 delivery", "2 events"]);
    expect(partText(1, 3, "delivery")).toBe("1 of 3 deliveries");
  });
});
