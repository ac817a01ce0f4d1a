import { describe, expect, it } from "vitest";
import { unwrap } from "../../src/client/index.ts";
import { client, createDestination, unchecked } from "../support/api.ts";
import { call, openGateway } from "../support/flow.ts";
import { insertBody } from "../support/transformations.ts";
import { fakeOutside } from "../support/world.ts";

describe("the transformation of a destination", () => {
  const CATCH = { name: "Ada", card: "4111" };

  /** Sends one event to a destination with a transformation. Returns its delivery and the bodies that arrived. */
  async function sendThrough(body: string, destination: Parameters<typeof createDestination>[0] = {}) {
    const gateway = await openGateway(["alert.created"]);
    const seen = fakeOutside();
    const url = "https://receiver.example.com/through";
    const transformation_id = await insertBody(body, "Shape");
    const { id } = await createDestination({ url, transformation_id, ...destination });
    unwrap(await client.routes.create({ name: "through", destination_ids: [id] }));
    const line = await gateway.open("catch");
    await call(`/integration/${line.id}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-trace": "t1" },
      body: JSON.stringify(CATCH),
    });
    // A retry that is due later stays in its queue.
    await gateway.drain().catch(() => {});
    const [delivery] = unwrap(await client.deliveries.list({ destination_id: id })).data;
    return { id, delivery, bodies: seen.filter((request) => request.url === url).map((request) => request.body) };
  }

  it("gives the body that is sent, from the envelope with the sender's headers", async () => {
    const body = `delete event.data.event.payload.card; event.trace = event.data.event.headers["x-trace"]; return event;`;
    const { bodies, delivery } = await sendThrough(body);
    expect(delivery).toMatchObject({ status: "delivered" });
    expect(bodies).toHaveLength(1);
    const sent: unknown = JSON.parse(bodies[0] ?? "");
    expect(sent).toMatchObject({ type: "event.received", trace: "t1", data: { event: { payload: { name: "Ada" } } } });
    expect(bodies[0]).not.toContain("4111");
    expect(bodies[0]).not.toContain("headers");
  });

  it("may return anything that is JSON", async () => {
    expect((await sendThrough("return [event.type, 1];")).bodies).toEqual(['["event.received",1]']);
  });

  it("gives what a template sees", async () => {
    const payload = {
      mode: "template",
      content_type: "text/plain",
      body: "{{ greeting }} {{ data.event.payload.name }}",
    };
    const through = await sendThrough(
      `return { ...event, greeting: "Hello", data: { event: { payload: { name: "Bob", greeting: "x" } } } };`,
      unchecked({ payload }),
    );
    expect(through.bodies).toEqual(["Hello Bob"]);
  });

  it("gives what a preset shows", async () => {
    const payload = { mode: "preset", preset: "slack", options: {} };
    const body = `event.data.event.payload = { title: "Changed" }; return event;`;
    const { bodies } = await sendThrough(body, unchecked({ payload }));
    expect(bodies[0]).toContain("Changed");
    expect(bodies[0]).not.toContain("4111");
  });

  it("sends nothing if it returns null, and the delivery says why", async () => {
    const { bodies, delivery } = await sendThrough("return null;");
    expect(bodies).toEqual([]);
    expect(delivery).toMatchObject({ status: "delivered" });
    expect(JSON.stringify(delivery)).toContain("returned null");
  });

  it("fails an attempt, which is made again once it is mended", async () => {
    const { bodies, delivery } = await sendThrough("return event.x.y;");
    expect(bodies).toEqual([]);
    expect(delivery).toMatchObject({ status: "pending" });
    const attempts = unwrap(await client.deliveries.get(delivery?.id ?? "")).attempts;
    expect(attempts[0]?.error).toContain('the transformation "Shape" (version 1) failed in line 2. TypeError');
  });
});
