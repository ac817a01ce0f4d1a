import { expect, it } from "vitest";
import { eventsOf } from "./support.ts";

it("an event that concerns no alert is received, with the reason as its note", () => {
  const options = { rules: [{ match: {}, actions: [{ type: "receive", reason: "About {{ log.data.a }}." }] }] };
  const [event] = eventsOf(options, { body: { a: "b" } });
  expect(event).toMatchObject({ kind: "event", signal: { action: "receive", note: "About b." } });
  expect(event).not.toHaveProperty("test");
});

it("needs no reason", () => {
  const options = { rules: [], default: { actions: [{ type: "receive" }] } };
  expect(eventsOf(options, { body: { a: "b" } })[0]?.signal).toEqual({ action: "receive", note: null });
});
