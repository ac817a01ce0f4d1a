import { describe, expect, it } from "vitest";
import { parseEventMessage } from "../../../src/model/event.ts";
import {
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  processBatch,
  storedEvents,
} from "../../support/world.ts";
import { tables } from "../../support/tables.ts";

const BROKEN = "dst_0000000000000000000000000001";
const OTHER = "dst_0000000000000000000000000002";

async function startGone(isBroken = (url: string): boolean => url.endsWith(BROKEN)) {
  await insertDestination(BROKEN);
  await insertDestination(OTHER);
  await insertRoute("rte_1", [BROKEN]);
  const world = createWorld();
  const seen = fakeOutside((one) => new Response("", { status: isBroken(one.url) ? 410 : 200 }));
  return { world, seen };
}

/** Returns the events in the outbox, as the EVENTS queue carries them. */
async function outboxMessages() {
  const rows = await tables.outbox.all<{ message: string }>();
  return rows.flatMap(({ message }) => {
    const parsed = parseEventMessage(JSON.parse(message));
    return parsed !== null && "content" in parsed ? [parsed] : [];
  });
}

describe("the system event of a disabled destination", () => {
  it("goes to the destinations of a route that names its type", async () => {
    const { world, seen } = await startGone();
    await insertRoute("rte_2", [OTHER], ["destination.disabled"]);
    await processBatch(world.context, [eventMessage("create", "a")]);
    const messages = await outboxMessages();
    expect(messages).toHaveLength(1);
    await processBatch(world.context, messages);
    const told = seen.filter((one) => one.url.endsWith(OTHER));
    expect(told).toHaveLength(1);
    expect(JSON.parse(told[0]?.body ?? "")).toMatchObject({
      type: "destination.disabled",
      data: { event: { integration_id: null }, destination: { id: BROKEN, disabled_reason: "gone" } },
    });
    expect(await outboxMessages()).toEqual([]);
    expect((await storedEvents()).map((event) => event.type)).toEqual(["alert.created", "destination.disabled"]);
  });

  it("has no path of the URL, which may be a credential", async () => {
    const { world, seen } = await startGone((url) => url.startsWith("https://chat.example.com"));
    const secret = "https://chat.example.com/services/T0/B0/s3cr3t?key=k3y";
    await tables.destinations.update({ id: BROKEN }, { url: secret });
    const payload = JSON.stringify({ mode: "preset", preset: "slack", options: {}, sealed_options: {} });
    await insertDestination("dst_0000000000000000000000000003");
    await tables.destinations.update({ id: "dst_0000000000000000000000000003" }, { payload });
    await insertRoute("rte_2", [OTHER, "dst_0000000000000000000000000003"], ["destination.disabled"]);
    await processBatch(world.context, [eventMessage("create", "a")]);
    const messages = await outboxMessages();
    expect(JSON.stringify(messages)).toContain("https://chat.example.com");
    await processBatch(world.context, messages);
    const told = seen.filter((one) => !one.url.startsWith("https://chat.example.com"));
    expect(told).toHaveLength(2);
    for (const text of [...told.map((one) => one.body), JSON.stringify(await storedEvents())]) {
      expect(text).not.toContain("s3cr3t");
      expect(text).not.toContain("k3y");
    }
    expect(told.map((one) => one.body).join()).not.toContain("Open on");
  });

  it("is emitted once, however many deliveries find the destination gone", async () => {
    const { world } = await startGone();
    await insertRoute("rte_2", [OTHER], ["destination.disabled"]);
    await processBatch(world.context, [
      eventMessage("create", "a"),
      eventMessage("create", "b"),
      eventMessage("create", "c"),
    ]);
    expect(await outboxMessages()).toHaveLength(1);
  });

  it("is not written if no route names its type", async () => {
    const { world } = await startGone();
    await insertRoute("rte_2", [OTHER]);
    await processBatch(world.context, [eventMessage("create", "a")]);
    expect(await outboxMessages()).toEqual([]);
    expect(await tables.destinations.first({ id: BROKEN })).toMatchObject({ enabled: 0, disabled_reason: "gone" });
  });
});
