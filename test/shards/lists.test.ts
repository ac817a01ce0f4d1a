import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergePages } from "../../src/storage/pages.ts";
import { deliveryIdOf } from "../../src/model/ids.ts";
import { client } from "../support/api.ts";
import { AT, deliveryTo, contentOf, mint } from "../api/records.ts";
import { shard } from "./stand.ts";
import { tablesOf } from "../support/tables.ts";

const DESTINATION = "dst_0000000000000000000000000001";
const OTHER = "dst_0000000000000000000000000002";

/** The list `all`, falling, from below a cursor: a page that may end sooner than it has to. */
function pageOf(all: readonly string[], before: string | null, limit: number, endsAfter: number) {
  const left = all.filter((id) => before === null || id < before);
  const looked = Math.min(limit, Math.max(1, endsAfter));
  const rows = left.slice(0, looked);
  return { rows, next: left.length > looked ? (rows.at(-1) ?? null) : null };
}

describe("pages of several lists", () => {
  it("merge into the pages of one sorted list, wherever each of them ends", () => {
    const ids = fc.uniqueArray(
      fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, "0")),
      { maxLength: 40 },
    );
    const where = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 40, maxLength: 40 });
    const ends = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(ids, where, ends, fc.integer({ min: 1, max: 10 }), (all, shards, lengths, limit) => {
        const lists = [0, 1, 2].map((number) => {
          return all.filter((_, index) => shards[index] === number).toSorted((a, b) => (a < b ? 1 : -1));
        });
        const read: string[] = [];
        let before: string | null = null;
        let asked = 0;
        do {
          const pages = lists.map((list) => pageOf(list, before, limit, lengths[asked++ % lengths.length] ?? 1));
          const page: { readonly rows: readonly string[]; readonly next: string | null } = mergePages(
            pages,
            limit,
            (id) => id,
          );
          expect(page.rows.length).toBeLessThanOrEqual(limit);
          read.push(...page.rows);
          before = page.next;
        } while (before !== null);
        expect(read).toEqual(all.toSorted((a, b) => (a < b ? 1 : -1)));
      }),
    );
  });

  it("go on past a page that has looked at rows of which none matched", () => {
    const page = mergePages(
      [
        { rows: [], next: "50" },
        { rows: ["60", "40"], next: null },
      ],
      10,
      (id) => id,
    );
    expect(page).toEqual({ rows: ["60"], next: "50" });
  });
});

async function storeEventIn(number: number): Promise<string> {
  const { id } = mint("evt");
  const deliveries = [DESTINATION, OTHER].map((to) => deliveryTo(id, to));
  const event = { id, integration_id: "int_1", type: "alert.created", outcome: "created", received_at: AT, deliveries };
  await tablesOf(shard(number).db).events.insert({ ...event, content: contentOf({ Id: "k" }) });
  return id;
}

function falling(ids: readonly string[]): readonly string[] {
  return ids.toSorted((a, b) => (a < b ? 1 : -1));
}

/** Which shard each of some rows is in, all that come after each other in one, or in turns. */
const PLACES = [0, 1, 1, 0, 1, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 0, 1];

async function ids(rows: AsyncIterable<{ readonly id: string }>): Promise<string[]> {
  return (await Array.fromAsync(rows)).map(({ id }) => id);
}

describe("lists over two shards", () => {
  it.each([1, 2, 3, 7, 50])("page through events and deliveries, %i at a time", async (limit) => {
    const events: string[] = [];
    for (const number of PLACES) events.push(await storeEventIn(number));
    expect(await ids(client.events.all({ limit }))).toEqual(falling(events));
    const both = events.flatMap((id) => [DESTINATION, OTHER].map((to) => deliveryIdOf(id, to)));
    expect(await ids(client.deliveries.all({ limit }))).toEqual(falling(both));
    const some = events.map((id) => deliveryIdOf(id, OTHER));
    expect(await ids(client.deliveries.all({ destination_id: OTHER, limit }))).toEqual(falling(some));
    expect(await ids(client.deliveries.all({ status: "delivered", limit }))).toEqual(falling(both));
    expect(await ids(client.deliveries.all({ event_id: events[2] ?? "", limit }))).toEqual(falling(both.slice(4, 6)));
  });

  it.each([1, 3, 50])("page through alerts, dead letters and replays, %i at a time", async (limit) => {
    const alerts: string[] = [];
    const letters: string[] = [];
    const replays: string[] = [];
    for (const [index, number] of PLACES.entries()) {
      const inShard = tablesOf(shard(number).db);
      const at = new Date(Date.parse(AT) + Math.floor(index / 2)).toISOString();
      const alert = `alr_${index.toString(36).padStart(4, "0")}`;
      const letter = `letter${((index * 7) % PLACES.length).toString(36)}`;
      const replay = `rpl_${index.toString(36).padStart(4, "0")}`;
      await inShard.alerts.insert({ id: alert, integration_id: "int_1" });
      await inShard.dead_letters.insert({ id: letter, received_at: at });
      await inShard.replays.insert({ id: replay, count: 2, replayed: 2 });
      alerts.push(alert);
      letters.push(`${at} ${letter}`);
      replays.push(replay);
    }
    expect(await ids(client.alerts.all({ limit }))).toEqual(falling(alerts));
    expect(await ids(client.deadLetters.all({ limit }))).toEqual(falling(letters).map((place) => place.split(" ")[1]));
    expect(await ids(client.replays.all({ limit }))).toEqual(falling(replays));
  });

  it("show a replay once that is in both, wherever a page ends", async () => {
    const replays: string[] = [];
    for (let index = 0; index < 9; index++) {
      const id = `rpl_${index}`;
      const parts = index % 3 === 0 ? [0, 1] : [index % 2];
      for (const number of parts) {
        const replay = { id, parts: parts.length, count: 2, replayed: 2 };
        await tablesOf(shard(number).db).replays.insert(replay);
      }
      replays.push(id);
    }
    for (const limit of [1, 2, 4, 9]) {
      const rows = await Array.fromAsync(client.replays.all({ limit }));
      expect(rows.map(({ id }) => id)).toEqual(falling(replays));
      expect(rows.map(({ count }) => count)).toEqual(rows.map(({ id }) => (Number(id.slice(4)) % 3 === 0 ? 4 : 2)));
    }
  });
});
