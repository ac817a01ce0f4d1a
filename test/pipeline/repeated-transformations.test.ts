import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { unwrap } from "../../src/client/index.ts";
import { contextOf } from "../../src/context.ts";
import { type EventMessage, type StoredEventMessage, payloadOf } from "../../src/model/event.ts";
import { deleteFailedContent, retransform } from "../../src/pipeline/retransform.ts";
import { findEvent } from "../../src/storage/events/log.ts";
import { client } from "../support/api.ts";
import { storeLarge, takeEvents } from "../support/deliveries.ts";
import { tables } from "../support/tables.ts";
import { changeBody, insertBody } from "../support/transformations.ts";
import { createWorld, eventMessage, fakeOutside } from "../support/world.ts";

// A queue can deliver a message twice, and the code can have changed in between.

const FAILS = "throw new Error('no');";
const KEEPS = "return event;";
const DROPS = "return null;";
/** Makes a payload that does not fit into a row. */
const GROWS = `event.payload = { filler: "y".repeat(300_000) }; return event;`;

/** An integration whose transformation has this body, and a message for it, which arrives as often as it is to. */
async function openWith(body: string, message: EventMessage | StoredEventMessage) {
  const transformation = await insertBody(body);
  await tables.integrations.insert({ id: "int_test", transformation_id: transformation });
  contextOf(env).caches.config.forget();
  vi.spyOn(console, "warn").mockImplementation(() => {});
  fakeOutside();
  const { context } = createWorld();
  const find = async () => {
    const event = await findEvent(context, message.id);
    if (event?.content === undefined || event.content === null) throw new Error("The event has no content.");
    return { ...event, content: event.content };
  };
  const read = async () => {
    const { outcome, content } = await find();
    return { outcome, signal: content.signal.action, begins: JSON.stringify(payloadOf(content)).slice(0, 60) };
  };
  const change = async (changed: string) => await changeBody(transformation, changed);
  return { context, find, read, change, arrive: () => takeEvents(context, [{ body: message }]) };
}

describe("a message that comes again", () => {
  it("leaves the object in R2 that the row names, also if the code returns something else by now", async () => {
    const { reference } = await storeLarge("disk", 300_000);
    const { read, change, arrive } = await openWith(KEEPS, reference);
    await arrive();
    const before = await read();
    expect(before).toMatchObject({ outcome: "created", signal: "create" });
    await change("event.payload.more = 1; return event;");
    await arrive();
    expect(await read()).toEqual(before);
  });

  it.each([
    ["fails", FAILS],
    ["drops the event", DROPS],
  ])("leaves the payload that was returned before, also if the code %s by now", async (_, body) => {
    const { message, reference } = await storeLarge("disk", 300_000);
    const { read, change, arrive } = await openWith(GROWS, reference);
    await arrive();
    // A consumer that dies after its commit has not deleted what the message refers to.
    await env.BODIES.put(reference.stored_at, JSON.stringify(message));
    const before = await read();
    expect(before).toMatchObject({ outcome: "created", signal: "create" });
    await change(body);
    await arrive();
    expect(await read()).toEqual(before);
  });

  it("keeps what it mended, if a replay that began before ends after it", async () => {
    const message = eventMessage("create", "disk");
    const { context, find, read, change, arrive } = await openWith(FAILS, message);
    await arrive();
    const failed = await find();
    expect(failed.outcome).toBe("transformation_failed");
    await change(GROWS);
    await arrive();
    const mended = await read();
    expect(mended).toMatchObject({ outcome: "created", signal: "create" });
    expect(await retransform(context, [failed])).toEqual(new Map());
    await deleteFailedContent(context, [message.id]);
    expect(await read()).toEqual(mended);
  });

  it("brings back nothing that was erased while its transformation ran again", async () => {
    const message = eventMessage("create", "disk", { title: "Confidential" });
    const { context, find, change, arrive } = await openWith(FAILS, message);
    await arrive();
    const failed = await find();
    unwrap(await client.events.erase(message.id));
    await change(KEEPS);
    expect(await retransform(context, [failed])).toEqual(new Map());
    expect(await arrive()).toEqual([{ kind: "acked" }]);
    expect((await findEvent(context, message.id))?.content).toBeNull();
    expect(JSON.stringify([await tables.events.all(), await tables.alerts.all()])).not.toContain("Confidential");
  });
});
