import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { findQueue } from "../../src/platform/bindings.ts";
import type { Env } from "../../src/platform/bindings.ts";
import { findShard, pickShard, platformOf, shardOfQueue } from "../../src/platform/shards.ts";

const NUMBERED = /_\d+$/;

/** The bindings of the home alone, with others beside them. */
function bound(more: Readonly<Record<string, unknown>> = {}): Env {
  const made = { ...env };
  for (const name of Object.keys(made)) if (NUMBERED.test(name)) Reflect.deleteProperty(made, name);
  return Object.assign(made, more);
}

function whole(number: number): Readonly<Record<string, unknown>> {
  const { DB, EVENTS, DELIVERIES, DEAD_LETTERS } = env;
  return Object.fromEntries(
    Object.entries({ DB, EVENTS, DELIVERIES, DEAD_LETTERS }).map(([name, binding]) => [`${name}_${number}`, binding]),
  );
}

describe("the shards of a gateway", () => {
  it("are only the first if nothing else is bound", () => {
    const single = bound();
    const { shards } = platformOf(single);
    expect(shards).toHaveLength(1);
    expect(shards[0]).toMatchObject({ number: 0 });
    expect(shards[0].db).toBe(single.DB);
    expect(shards[0].events).toBe(single.EVENTS);
  });

  it("are found by their bindings; the first one's database is the primary", () => {
    const { primary, shards, bodies } = platformOf(env);
    const [first, second, ...others] = shards;
    expect(others).toEqual([]);
    expect(primary).toBe(env.DB);
    expect(first.db).toBe(env.DB);
    expect(second?.db).toBe(Reflect.get(env, "DB_1"));
    expect(second?.events).toBe(Reflect.get(env, "EVENTS_1"));
    expect(second?.deliveries).toBe(Reflect.get(env, "DELIVERIES_1"));
    expect(second?.dead_letters).toBe(Reflect.get(env, "DEAD_LETTERS_1"));
    expect(bodies).toBe(env.BODIES);
  });

  it("are the same for the same bindings, and known by their numbers", () => {
    const { shards } = platformOf(env);
    expect(platformOf(env).shards).toBe(shards);
    for (const shard of shards) expect(findShard(shards, shard.number)).toBe(shard);
    expect(findShard(shards, 2)).toBeNull();
    expect(findShard(shards, -1)).toBeNull();
  });

  it.each(["DB_1", "EVENTS_1", "DELIVERIES_1", "DEAD_LETTERS_1"])("are refused where only %s is missing", (name) => {
    expect(() => platformOf(bound({ ...whole(1), [name]: undefined }))).toThrow(new RegExp(`: ${name}$`));
  });

  it("are refused where one is left out, or a binding is of another kind", () => {
    expect(() => platformOf(bound(whole(2)))).toThrow(": DB_1, EVENTS_1, DELIVERIES_1, DEAD_LETTERS_1");
    expect(() => platformOf(bound({ ...whole(1), DB_1: env.EVENTS }))).toThrow(/: DB_1$/);
    expect(() => platformOf(bound({ ...whole(1), EVENTS_1: env.DB }))).toThrow(/: EVENTS_1$/);
  });

  it("do not lend their queues to destinations", () => {
    const spare = bound({ ...whole(1), SPARE: env.EVENTS });
    expect(findQueue(spare, "SPARE")).toBe(env.EVENTS);
    for (const name of ["EVENTS", "EVENTS_1", "DELIVERIES_1", "DEAD_LETTERS_1"])
      expect(findQueue(spare, name)).toBeNull();
  });
});

describe("a queue belongs to the shard", () => {
  it.each([
    ["hookgate-events", 0],
    ["hookgate-1-events", 1],
    ["hookgate-1-deliveries", 1],
    ["hookgate-1-dead-letters", 1],
    ["gate-7-of-us-deliveries", 0],
    ["gate-7-1-dead-letters", 1],
  ])("that %s names", (queue, number) => {
    const { shards } = platformOf(env);
    expect(shardOfQueue(shards, queue)).toBe(shards[number]);
  });

  it("of none, where that is not bound", () => {
    expect(shardOfQueue(platformOf(env).shards, "hookgate-2-events")).toBeNull();
  });

  it("that there is, whatever it is called, where there is one", () => {
    const { shards } = platformOf(bound());
    expect(shardOfQueue(shards, "gate-7-events")).toBe(shards[0]);
  });
});

describe("a new integration", () => {
  it("is spread by its id, to the same shard each time", () => {
    const { shards } = platformOf(env);
    const ids = ["int_1m7yf0ggq000s6j695fck8ja2z2q", "int_a", "int_b", "int_c", "int_d"];
    expect(ids.map((id) => pickShard(shards, id))).toEqual([1, 1, 0, 1, 0]);
    const taken = Array.from({ length: 1_000 }, (_, index) => pickShard(shards, `int_${index.toString(36)}`));
    for (const number of [0, 1]) expect(taken.filter((each) => each === number).length).toBeGreaterThan(400);
  });
});
