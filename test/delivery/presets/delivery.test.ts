import { expect, it } from "vitest";
import { bodyOf, renderBody } from "../../../src/delivery/request/body.ts";
import type { MessageType } from "../../../src/model/event.ts";
import type { PresetName } from "../../../src/delivery/presets/registry.ts";
import { deliver } from "../../../src/delivery/providers/registry.ts";
import { makeAttempt } from "../../../src/delivery/attempts/attempt.ts";
import { createDestination, unchecked } from "../../support/api.ts";
import { BY_CODE, TOKEN_URL, destinationOf, storeToken } from "../../support/oauth.ts";
import { destinationWith } from "../../support/configuration.ts";
import { presetFixture } from "../../support/preset-fixtures.ts";
import { createWorld, fakeOutside } from "../../support/world.ts";
import { eventOf } from "./events.ts";
import { refusals } from "./vendors/receive.ts";
import { TICKETS } from "./vendors/tickets.ts";

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
  const response_body = "Nothing was sent: this destination has made nothing in Jira for the alert.";
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

it("a document is uploaded to Google Drive with an access token, and again with a new one after a 401", async () => {
  const { url, options } = presetFixture("google-drive");
  const payload = { mode: "preset", preset: "google-drive", options } as const;
  const { id } = await createDestination({ url, auth: unchecked(BY_CODE), payload });
  await storeToken(id, { access_token: "stale", refresh_token: "refresh", use_until: 4_102_444_800_000 });
  const seen = fakeOutside(({ url: called, headers }) => {
    if (called === TOKEN_URL) return Response.json({ access_token: "fresh", token_type: "Bearer", expires_in: 3_600 });
    return new Response(null, { status: headers.get("authorization") === "Bearer fresh" ? 200 : 401 });
  });
  const destination = await destinationOf(id);
  const event = eventOf("alert.created");
  const { context } = createWorld();
  const body = await bodyOf(context, destination, event);
  if (!body.ok) throw new Error(String(body.error));
  const sent = await deliver(context, { delivery_id: "dlv_1", destination, event, body: body.value });
  expect(sent).toMatchObject({ outcome: { kind: "responded", status: 200 }, error: null });
  const uploads = seen.filter(({ url: called }) => called !== TOKEN_URL);
  expect(uploads.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer stale", "Bearer fresh"]);
  expect(new Set(uploads.map((upload) => upload.body)).size).toBe(1);
  for (const { url: called, body: text, headers } of uploads) {
    const request = { url: called, text, body: text, content_type: headers.get("content-type") ?? "" };
    expect(await refusals(TICKETS["google-drive"], request, url)).toEqual([]);
  }
});
