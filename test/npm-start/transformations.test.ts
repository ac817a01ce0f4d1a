import { expect, onTestFinished, test, vi } from "vitest";
import { Receiver } from "../../scripts/drive/receiver.mjs";
import { WITHIN, standUp } from "./stand.ts";

const REDACT = `export default function (event) {
  if (event.payload.test === true) return null;
  const { card, ...payload } = event.payload;
  console.log("redacted", Object.keys(payload));
  return { ...event, payload };
}`;
const SHAPE = `export default (event) => ({ text: event.data.event.payload.name, at: event.timestamp });`;
const HOSTILE = "export default function () {\n  for (;;);\n}";

test("a transformation redacts a field and drops tests, and another one makes the body", async () => {
  const { gateway, receiver, destination } = await standUp();
  const shaped = new Receiver();
  onTestFinished(() => shaped.stop());
  await shaped.start();
  const redact = await gateway.create("transformations", { name: "Redact", code: REDACT });
  const shape = await gateway.create("transformations", { name: "Shape", code: SHAPE });
  const integration = await gateway.add(destination, { name: "Shop", type: "catch", transformation_id: redact.id });
  const url = shaped.url;
  const other = await gateway.create("destinations", { name: "Shaped", url, transformation_id: shape.id });
  shaped.secret = other.signing_secret;
  await gateway.create("routes", { name: "Shaped", destination_ids: [other.id], integration_ids: [integration.id] });

  await gateway.send(integration, { test: true, name: "nobody" });
  await gateway.send(integration, { name: "Ada", card: "4111" });
  await vi.waitFor(() => expect([receiver.arrivals.length, shaped.arrivals.length]).toEqual([1, 1]), WITHIN);
  expect(receiver.arrivals[0]?.data.event.payload).toEqual({ name: "Ada" });
  expect(shaped.arrivals[0]).toMatchObject({ verified: true });

  await vi.waitFor(async () => {
    const { body } = await gateway.api("GET", `/events?integration_id=${integration.id}`);
    expect(body.data.map(({ outcome }: { outcome: string }) => outcome).toSorted()).toEqual(["ignored", "received"]);
    const runs = await gateway.api("GET", `/transformations/${redact.id}/runs`);
    expect(runs.body.data).toMatchObject([{ ok: true, logs: ['redacted ["name"]'] }]);
    const sums = (await gateway.api("GET", "/reconciliation")).body;
    expect(sums).toMatchObject({ accepted: 3, delivered: 2, ignored: 1, dead: 0, balanced: true });
  }, WITHIN);
});

test("an endless loop keeps its own events, which are replayed once it is mended, and no others", async () => {
  const { gateway, receiver, destination } = await standUp();
  const code = "export default (event) => event;";
  const good = await gateway.create("transformations", { name: "Good", code });
  // Saving tries the code, so that the loop comes with a payload only.
  const sly = HOSTILE.replace("for", "if (arguments[0].payload?.go === true) for");
  const hostile = await gateway.create("transformations", { name: "Hostile", code: sly });
  const ours = await gateway.add(destination, { name: "Good", type: "catch", transformation_id: good.id });
  const theirs = await gateway.add(destination, { name: "Hostile", type: "catch", transformation_id: hostile.id });

  await Promise.all(Array.from({ length: 30 }, (_, n) => gateway.send(theirs, { go: true, n })));
  await Promise.all(Array.from({ length: 10 }, (_, n) => gateway.send(ours, { n })));
  const from = (id: string) => receiver.arrivals.filter(({ data }) => data.event.integration_id === id);
  await vi.waitFor(() => expect(from(ours.id)).toHaveLength(10), WITHIN);
  await vi.waitFor(async () => {
    const { body } = await gateway.api("GET", `/events?integration_id=${theirs.id}&outcome=transformation_failed`);
    expect(body.data).toHaveLength(30);
  }, WITHIN);
  expect(from(theirs.id)).toEqual([]);
  expect((await gateway.api("GET", "/reconciliation")).body).toMatchObject({ delivered: 10, dead: 30, balanced: true });

  await gateway.api("PATCH", `/transformations/${hostile.id}`, { code });
  const [event] = (await gateway.api("GET", `/events?integration_id=${theirs.id}&limit=1`)).body.data;
  const replayed = await gateway.api("POST", `/events/${event.id}/replay`);
  expect(replayed).toMatchObject({ status: 200, body: { id: event.id, deliveries: [{ status: "delivered" }] } });
  expect(from(theirs.id)).toHaveLength(1);
});
