import { expect, it, vi } from "vitest";
import { emptyMeter, meteredDatabase } from "../../support/metered-database.ts";
import { createWorld, eventMessage, fakeOutside, insertRouted, processBatch } from "../../support/world.ts";
import { tables } from "../../support/tables.ts";

const ID = "dst_0000000000000000000000000001";

function messages(count: number) {
  return Array.from({ length: count }, (_, index) => eventMessage("create", `${crypto.randomUUID()}-${index}`));
}

it("the failures of a batch are counted together, in as many calls of D1 as half as many failures", async () => {
  await insertRouted(ID);
  fakeOutside(() => new Response("", { status: 500 }));
  const calls: number[] = [];
  // The first batch reads the configuration too.
  for (const count of [1, 6, 12]) {
    await tables.destination_health.delete();
    const meter = emptyMeter();
    const world = createWorld({ DB: meteredDatabase(meter) });
    world.context.caches.health.learn(ID, undefined);
    world.context.caches.health.mark(ID, true, 1);
    await processBatch(world.context, messages(count));
    calls.push(meter.calls);
    expect(await tables.destination_health.value("failures")).toBe(count);
  }
  expect(calls[2]).toBe(calls[1]);
});

it("each attempt writes one line, whatever its outcome", async () => {
  await insertRouted(ID);
  let status = 200;
  fakeOutside(() => new Response("", { status }));
  const lines: unknown[] = [];
  for (const level of ["info", "warn"] as const) {
    vi.spyOn(console, level).mockImplementation((text: string) => void lines.push(JSON.parse(text)));
  }
  const { context } = createWorld();
  await processBatch(context, messages(1));
  status = 503;
  await processBatch(context, messages(1));
  const attempts = lines.filter((line) => Object(line).event === "delivery.attempted");
  expect(attempts).toEqual([
    expect.objectContaining({ level: "info", destination_id: ID, number: 1, status: 200, decision: "delivered" }),
    expect.objectContaining({ level: "warn", destination_id: ID, number: 1, status: 503, decision: "retry" }),
  ]);
  for (const attempt of attempts) {
    expect(attempt).toMatchObject({ delivery_id: expect.stringMatching(/^dlv_/), duration_ms: expect.any(Number) });
  }
});
