import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { MIGRATIONS } from "../support/schema.ts";
import { allRows, tables, tablesOf } from "../support/tables.ts";

describe("the tables that tests use", () => {
  it("are all tables of the migrations", async () => {
    const made = MIGRATIONS.flatMap(({ queries }) => queries).flatMap((query) => {
      return /^(?:\s|--.*)*CREATE TABLE (\w+)/.exec(query)?.[1] ?? [];
    });
    expect(Object.keys(tables)).toEqual(made.toSorted());
    expect(Object.keys(await allRows())).toEqual(Object.keys(tables));
  });

  it("insert rows with values for what is left out, and read them in order", async () => {
    await tables.dead_letters.insert({ id: "b", message: { n: 1 } }, { id: "a", message: [2] });
    expect(await tables.dead_letters.all()).toEqual([
      { id: "a", queue: "hookgate-dead-letters", message: "[2]", received_at: expect.any(String) },
      { id: "b", queue: "hookgate-dead-letters", message: '{"n":1}', received_at: expect.any(String) },
    ]);
    expect(await tables.dead_letters.first({ id: "c" })).toBeNull();
    expect(await tables.dead_letters.value("message", { id: "b" })).toBe('{"n":1}');
    expect(await tables.dead_letters.count({ queue: "another" })).toBe(0);
  });

  it("insert more than one statement takes", async () => {
    const rows = Array.from({ length: 30 }, (_, index) => ({ id: `row-${index}`, message: "x".repeat(100_000) }));
    await tables.outbox.insert(...rows);
    expect(await tables.outbox.count()).toBe(30);
  });

  it("change the rows that match: by value, by a function, and inside JSON", async () => {
    await tables.outbox.insert({ id: "a", message: { n: 1 } }, { id: "b", message: { n: 2 } });
    await tables.outbox.update({ id: "a" }, { send_at: 7 });
    await tables.outbox.update(
      ({ id }) => id === "b",
      ({ sends }) => ({ sends: Number(sends) + 1 }),
    );
    await tables.outbox.edit<{ n: number }>({ id: "b" }, "message", ({ n }) => ({ n: n * 10 }));
    expect(await tables.outbox.all()).toEqual([
      { id: "a", message: '{"n":1}', sends: 0, send_at: 7 },
      { id: "b", message: '{"n":20}', sends: 1, send_at: 0 },
    ]);
    await tables.outbox.delete({ sends: 1 });
    expect(await tables.outbox.count()).toBe(1);
  });

  it("tell NULL from a value", async () => {
    const token = { expires_at: 5, leased_until: 0 };
    await tables.oauth_tokens.insert(
      { destination_id: "a", ...token },
      { destination_id: "b", ...token, expires_at: null },
    );
    expect(await tables.oauth_tokens.all({ expires_at: null })).toMatchObject([{ destination_id: "b" }]);
  });

  it("can be away for a while", async () => {
    const count = (): Promise<number> => tablesOf(env.DB).outbox.count();
    await tables.outbox.whileAway(() => expect(count()).rejects.toThrow("no such table"));
    expect(await count()).toBe(0);
  });
});
