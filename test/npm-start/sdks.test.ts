import { CloudEvent, HTTP, type Headers as EventHeaders } from "cloudevents";
import { Webhook } from "svix";
import twilio from "twilio";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as z from "zod/mini";
import { Stage } from "../../scripts/drive/stage.mjs";
import { WITHIN } from "./stand.ts";

// The vendors' own libraries as senders and receivers: what they sign and write must be accepted, and what the gateway sends
// must pass their checks.

const stage = new Stage();
const { gateway } = stage;

beforeAll(() => gateway.start(), 120_000);
afterAll(() => stage.strike());

type Sent = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

async function post(url: string, { headers, body }: Sent): Promise<number> {
  const response = await fetch(url, { method: "POST", headers, body });
  await response.body?.cancel();
  return response.status;
}

async function payloadsOf(integration: { readonly id: string }, count: number) {
  return await vi.waitFor(async () => {
    const { body } = await gateway.api("GET", `/events?integration_id=${integration.id}`);
    expect(body.data).toHaveLength(count);
    const ids: string[] = body.data.map(({ id }: { readonly id: string }) => id);
    const events = await Promise.all(ids.toReversed().map((id) => gateway.api("GET", `/events/${id}`)));
    return events.map((event) => event.body.payload);
  }, WITHIN);
}

describe("Svix", () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  function signed(id: string, body: string, key = secret): Sent {
    const now = new Date();
    const signature = new Webhook(key).sign(id, now, body);
    const timestamp = String(Math.floor(now.getTime() / 1_000));
    const headers = { "svix-id": id, "svix-timestamp": timestamp, "svix-signature": signature };
    return { headers: { "content-type": "application/json", ...headers }, body };
  }

  test("what it signs is accepted once, and nothing else", async () => {
    const auth = { type: "signature", scheme: "standard-webhooks", secret };
    const integration = await gateway.create("integrations", { name: "Svix", type: "catch", auth });
    const sent = signed("msg_1", '{"loaf":"röggen"}');
    expect(await post(integration.url, sent)).toBe(200);
    expect(await post(integration.url, signed("msg_1", sent.body))).toBe(200);
    expect(await post(integration.url, { ...sent, body: '{"loaf":"roggen"}' })).toBe(401);
    expect(await post(integration.url, signed("msg_2", sent.body, "whsec_c2VjcmV0c2VjcmV0c2VjcmV0"))).toBe(401);
    expect(await payloadsOf(integration, 1)).toEqual([{ loaf: "röggen" }]);
  });

  test("it verifies deliveries", async () => {
    const { receiver, destination } = await stage.receiver("For Svix");
    const integration = await stage.route({ name: "For Svix", type: "catch" }, [destination]);
    await gateway.send(integration, { loaf: "röggen" });
    await vi.waitFor(() => expect(receiver.arrivals).toHaveLength(1), WITHIN);
    const [arrival] = receiver.arrivals;
    if (arrival === undefined) throw new Error("nothing arrived");
    const headers = Object.fromEntries(Object.entries(arrival.headers).map(([name, value]) => [name, String(value)]));
    const webhook = new Webhook(destination.signing_secret);
    expect(() => webhook.verify(arrival.body, headers)).not.toThrow();
    expect(() => webhook.verify(`${arrival.body} `, headers)).toThrow();
  });
});

describe("Twilio", () => {
  const secret = "12345678901234567890123456789012";
  const auth = { type: "signature", scheme: "twilio", secret };
  const FORM = "application/x-www-form-urlencoded; charset=UTF-8";

  test("a message that its library signs is accepted, and no other", async () => {
    const integration = await gateway.create("integrations", { name: "Twilio", type: "catch", auth });
    const params = { MessageSid: "SM1", From: "+15017122661", Body: "Größe & Gewicht: 5%", NumMedia: "0" };
    const signature = twilio.getExpectedTwilioSignature(secret, integration.url, params);
    const body = new URLSearchParams(params).toString();
    const sent = { headers: { "content-type": FORM, "x-twilio-signature": signature }, body };
    expect(await post(integration.url, sent)).toBe(200);
    expect(await post(integration.url, { ...sent, body: body.replace("SM1", "SM2") })).toBe(401);
    expect(await post(`${integration.url}?a=1`, sent)).toBe(401);
    expect(await payloadsOf(integration, 1)).toEqual([params]);
  });

  test("a message behind two proxies, and JSON with its hash in the URL", async () => {
    const integration = await gateway.create("integrations", { name: "Twilio's calls", type: "catch", auth });
    const outside = new URL(integration.url);
    outside.protocol = "https:";
    outside.host = "hooks.example.com";
    outside.port = "";
    const params = { CallSid: "CA1" };
    const signature = twilio.getExpectedTwilioSignature(secret, outside.href, params);
    const forwarded = { "x-forwarded-proto": "https,http", "x-forwarded-host": "hooks.example.com, inner.example" };
    const headers = { "content-type": FORM, "x-twilio-signature": signature };
    const body = new URLSearchParams(params).toString();
    expect(await post(integration.url, { headers, body })).toBe(401);
    expect(await post(integration.url, { headers: { ...headers, ...forwarded }, body })).toBe(200);

    const json = '{"n":1}';
    const url = `${integration.url}?bodySHA256=${twilio.getExpectedBodyHash(json)}`;
    const ofUrl = twilio.getExpectedTwilioSignature(secret, url, {});
    const asJson = { "content-type": "application/json", "x-twilio-signature": ofUrl };
    expect(await post(url, { headers: asJson, body: json })).toBe(200);
    expect(await post(url, { headers: asJson, body: '{"n":2}' })).toBe(401);
    expect(await payloadsOf(integration, 2)).toEqual([params, expect.objectContaining({ n: 1 })]);
  });
});

describe("CloudEvents", () => {
  const event = new CloudEvent({
    id: "1",
    source: "/shop",
    type: "order.paid",
    subject: "order-9",
    data: { total: 7 },
  });

  function sentOf({ headers, body }: { readonly headers: EventHeaders; readonly body: unknown }): Sent {
    const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    return { headers: texts, body: typeof body === "string" ? body : JSON.stringify(body) };
  }

  test("an event is the same one in binary and in structured mode", async () => {
    const integration = await gateway.create("integrations", { name: "Broker", type: "catch" });
    expect(await post(integration.url, sentOf(HTTP.binary(event)))).toBe(200);
    expect(await post(integration.url, sentOf(HTTP.structured(event)))).toBe(200);
    expect(await post(integration.url, sentOf(HTTP.structured(event.cloneWith({ id: "2" }))))).toBe(200);
    const [first, second] = await payloadsOf(integration, 2);
    expect(first).toEqual({ total: 7 });
    expect(second).toMatchObject({ specversion: "1.0", id: "2", type: "order.paid", data: { total: 7 } });
  });

  test("its library reads what the preset sends", async () => {
    const preset = { payload: { mode: "preset", preset: "cloudevents" } };
    const { receiver, destination } = await stage.receiver("For a broker", preset);
    const integration = await stage.route({ name: "For a broker", type: "catch" }, [destination]);
    await gateway.send(integration, { loaf: "röggen" });
    await vi.waitFor(() => expect(receiver.arrivals).toHaveLength(1), WITHIN);
    const [arrival] = receiver.arrivals;
    if (arrival === undefined) throw new Error("nothing arrived");
    const read = HTTP.toEvent<object>({ headers: arrival.headers, body: arrival.body });
    // The constructor throws if the event violates the specification.
    const one = new CloudEvent<object>(z.looseObject({ type: z.string(), source: z.string() }).parse(read));
    expect(one.type).toBe("hookgate.event.received");
    expect(one.data).toMatchObject({ event: { payload: { loaf: "röggen" } } });
  });
});
