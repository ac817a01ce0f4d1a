import { expect, it } from "vitest";
import { renderBody } from "../../../src/delivery/request/body.ts";
import type { MessageType } from "../../../src/model/event.ts";
import type { PresetName } from "../../../src/delivery/presets/registry.ts";
import { deliver } from "../../../src/delivery/providers/registry.ts";
import { makeAttempt } from "../../../src/delivery/attempts/attempt.ts";
import { destinationWith } from "../../support/configuration.ts";
import { presetFixture } from "../../support/preset-fixtures.ts";
import { createWorld, fakeOutside } from "../../support/world.ts";
import { eventOf } from "./events.ts";

async function orderOf(preset: PresetName, type: MessageType = "alert.created") {
  const { url, options } = presetFixture(preset);
  const event = eventOf(type);
  const payload = { mode: "preset", preset, options, sealed_options: {} } as const;
  const body = await renderBody(payload, {}, url, event);
  if (!body.ok) throw new Error(body.error);
  return { destination: destinationWith({ url, payload, signing: { scheme: "none" } }), event, body: body.value };
}

async function send(preset: PresetName, delivery_id = "dlv_1", type: MessageType = "alert.created") {
  return await deliver(createWorld().context, { delivery_id, ...(await orderOf(preset, type)) });
}

it("a message for Matrix has the delivery's id, so that a repeated request is the same message", async () => {
  const seen = fakeOutside();
  await send("matrix");
  await send("matrix");
  await send("matrix", "dlv_2");
  const sent = seen.map(({ method, url }) => `${method} ${new URL(url).pathname.split("/").at(-1)}`);
  expect(sent).toEqual(["PUT dlv_1", "PUT dlv_1", "PUT dlv_2"]);
});

it("a ticket for Zendesk and a mail of Resend have the delivery's id as idempotency key", async () => {
  const seen = fakeOutside();
  await send("zendesk");
  await send("resend");
  expect(seen.map(({ headers }) => headers.get("idempotency-key"))).toEqual(["dlv_1", "dlv_1"]);
});

it("nothing is sent for a message that a product has no use for, and the attempt says why", async () => {
  const seen = fakeOutside();
  const { destination, event, body } = await orderOf("jira", "alert.resolved");
  const order = { delivery_id: "dlv_1", destination, number: 1, event, body: { ok: true, value: body } } as const;
  const made = await makeAttempt(createWorld().context, order);
  const response_body = "Nothing was sent: the preset for Jira sends nothing for alert.resolved.";
  expect(made).toMatchObject({
    kind: "attempted",
    attempt: { status: null, error: null, response_body },
    decision: { kind: "delivered" },
    // It says nothing about the destination.
    effects: [],
  });
  expect(seen).toEqual([]);
});

it("a form and a multipart body are sent with their content types", async () => {
  const seen = fakeOutside();
  await send("twilio-sms");
  await send("mailgun");
  await send("google-drive");
  const types = seen.map(({ headers }) => headers.get("content-type"));
  expect(types[0]).toBe("application/x-www-form-urlencoded");
  expect(types[1]).toMatch(/^multipart\/form-data; boundary=/);
  expect(types[2]).toMatch(/^multipart\/related; boundary=/);
});
