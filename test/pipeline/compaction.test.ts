import { expect, it } from "vitest";
import type { Action, EventMessage } from "../../src/model/event.ts";
import { append } from "../../src/pipeline/append.ts";
import { startInvocation } from "../../src/delivery/attempts/invocation.ts";
import { tables } from "../support/tables.ts";
import { createWorld, eventMessage, processBatch, storedAlerts, storedEvents } from "../support/world.ts";

const logLength = async (): Promise<number> =>
  Object.keys(JSON.parse(String(await tables.alert_histories.value("log")))).length;

const many = (count: number, action: Action): EventMessage[] =>
  Array.from({ length: count }, () => eventMessage(action, "disk"));

it("a long history keeps an event that an earlier batch has appended and not written", async () => {
  const { context } = createWorld();
  const [opener, resolve, next] = [
    eventMessage("create", "disk"),
    eventMessage("resolve", "disk"),
    eventMessage("create", "disk"),
  ];
  await processBatch(context, [opener]);
  // The batch of this one was carried over, or its consumer died.
  await append(context, {
    stage: "accepted",
    accepted: [{ message: resolve, stored_at: null }],
    missing_openers: "wait",
    invocation: startInvocation(context),
  });
  for (let batch = 0; batch < 6; batch++) {
    await processBatch(context, [...(batch === 0 ? [next] : []), ...many(100, "create")]);
  }
  expect(await logLength()).toBe(603);
  await processBatch(context, [resolve]);
  const [first, second, third] = await storedEvents();
  expect([first, second, third].map((event) => event?.outcome)).toEqual(["created", "resolved", "created"]);
  expect(await storedAlerts()).toMatchObject([
    { status: "resolved", dedup_count: 0 },
    { status: "open", dedup_count: 600 },
  ]);
  expect(await logLength()).toBe(256);
  await processBatch(context, many(1, "create"));
  expect(await storedAlerts()).toMatchObject([{ status: "resolved" }, { status: "open", dedup_count: 601 }]);
});

it("a history that became too long for its row is compacted even so", async () => {
  const lost = Array.from({ length: 4_100 }, () => [eventMessage("create", "disk").id, "create"]);
  await tables.alert_histories.insert({ namespace: "int_test", key: "disk", log: Object.fromEntries(lost) });
  const { context } = createWorld();
  await processBatch(context, [eventMessage("resolve", "disk")]);
  expect(await logLength()).toBe(256);
});
