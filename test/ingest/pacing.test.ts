import { describe, expect, it, vi } from "vitest";
import { createPacing } from "../../src/ingest/pacing.ts";
import { UNITS_PER_MS } from "../../src/model/budget.ts";
import { bindingsWith, fakeQueue } from "../support/bindings.ts";
import { json, post } from "../support/posting.ts";
import { tables } from "../support/tables.ts";

const ITEMS = Array.from({ length: 1_200 }, () => ({ a: "x7", b: { c: 7 } }));
const LOOP =
  "{% for a in log.data.items %}{% for b in log.data.items %}{% if a.a == b.a and a.b.c > 3 %}x{% endif %}{% endfor %}{% endfor %}";
const META = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`m${index}`, LOOP]));
const COSTLY = { rules: [{ match: {}, actions: [{ type: "create", title: "x", meta: META }] }] };
const CHEAP = { rules: [{ match: {}, actions: [{ type: "create", title: "x" }] }] };

it("five requests whose rules are the costliest pause between them, and a cheap one does not", async () => {
  await tables.integrations.insert(
    { id: "int_costly", type: "rules", options: COSTLY },
    { id: "int_cheap", type: "rules", options: CHEAP },
  );
  const pauses = vi.spyOn(scheduler, "wait");
  const bindings = bindingsWith({ EVENTS: fakeQueue().queue });
  const send = async (id: string, body: unknown): Promise<void> => {
    expect((await post(bindings, `/integration/${id}`, json(body))).status).toBe(200);
  };
  await send("int_cheap", { n: 1 });
  expect(pauses).not.toHaveBeenCalled();
  await Promise.all(Array.from({ length: 5 }, () => send("int_costly", { items: ITEMS })));
  expect(pauses.mock.calls.length).toBeGreaterThanOrEqual(5);
  for (const [ms] of pauses.mock.calls) expect(ms).toBeGreaterThan(0);
  pauses.mockClear();
  await send("int_cheap", { n: 2 });
  expect(pauses).not.toHaveBeenCalled();
});

describe("turns", () => {
  /** A clock that moves by waiting only, as that of a Worker does. */
  function stand() {
    let now = 1_000;
    const waits: number[] = [];
    const pacing = createPacing(
      () => now,
      async (ms) => {
        waits.push(ms);
        now += ms;
        await Promise.resolve();
      },
    );
    return { pacing, waits };
  }

  it("leave a fifth of the time to others, and cheap requests wait for none", async () => {
    const { pacing, waits } = stand();
    await pacing.begin("int_a");
    expect(await pacing.pause("int_a", 19 * UNITS_PER_MS)).toBe(false);
    expect(waits).toEqual([]);
    expect(await pacing.pause("int_a", 100 * UNITS_PER_MS)).toBe(true);
    expect(waits).toEqual([125]);
    await pacing.begin("int_b");
    expect(waits).toHaveLength(1);
  });

  it("come after the work of others, for an integration whose rules were costly", async () => {
    const { pacing, waits } = stand();
    const first = pacing.pause("int_a", 300 * UNITS_PER_MS);
    const second = pacing.begin("int_a");
    await Promise.all([first, second]);
    expect(waits.every((ms) => ms >= 5)).toBe(true);
    expect(waits.length).toBeGreaterThanOrEqual(1);
  });

  it("end, whatever the clock says", async () => {
    let waits = 0;
    const pacing = createPacing(
      () => 0,
      async () => {
        waits += 1;
        await Promise.resolve();
      },
    );
    await pacing.pause("int_a", 300 * UNITS_PER_MS);
    await pacing.begin("int_a");
    expect(waits).toBe(400);
  });
});
