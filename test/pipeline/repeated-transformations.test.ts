import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { contextOf } from "../../src/context.ts";
import { type EventMessage, type StoredEventMessage, payloadOf } from "../../src/model/event.ts";
import { findEvent } from "../../src/storage/events/log.ts";
import { storeLarge, takeEvents } from "../support/deliveries.ts";
import { tables } from "../support/tables.ts";
import { changeBody, insertBody } from "../support/transformations.ts";
import { createWorld, fakeOutside } from "../support/world.ts";

// A queue can deliver a message twice, and the code can have changed in between.

const KEEPS = "return event;";

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
  return { read, change, arrive: () => takeEvents(context, [{ body: message }]) };
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
});
