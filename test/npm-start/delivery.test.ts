import { expect, test, vi } from "vitest";
import { WITHIN, standUp } from "./stand.ts";

test("an alert that is created, acknowledged and resolved arrives as three deliveries that verify", async () => {
  const { gateway, receiver, integration, destination, token } = await standUp();

  const create = { event_type: "create", Id: "disk-7", Title: "Disk is full", Tags: ["db", "db"], Urgency: "high" };
  for (const body of [create, { event_type: "acknowledge", Id: "disk-7" }, { event_type: "resolve", Id: "disk-7" }]) {
    expect((await gateway.post(integration, token, body)).status).toBe(200);
  }
  await vi.waitFor(() => expect(receiver.arrivals).toHaveLength(3), WITHIN);

  const types = receiver.arrivals.map(({ type }) => type).toSorted();
  expect(types).toEqual(["alert.acknowledged", "alert.created", "alert.resolved"]);
  expect(receiver.arrivals.every(({ verified }) => verified)).toBe(true);
  expect(receiver.arrivals.find(({ type }) => type === "alert.created")?.data.alert).toMatchObject({
    key: "disk-7",
    title: "Disk is full",
    tags: ["db"],
    urgency: "high",
    status: "open",
  });

  await vi.waitFor(async () => {
    const alerts = await gateway.api("GET", "/alerts");
    expect(alerts.body.data).toEqual([expect.objectContaining({ key: "disk-7", status: "resolved", dedup_count: 0 })]);
    const deliveries = await gateway.api("GET", `/deliveries?status=delivered&destination_id=${destination.id}`);
    expect(deliveries.body.data.map((delivery: { attempts: unknown }) => delivery.attempts)).toEqual(
      Array.from({ length: 3 }, () => [expect.objectContaining({ number: 1, status: 200, error: null })]),
    );
  }, WITHIN);
});

test("a sender without the token is refused and nothing of it is delivered", async () => {
  const { gateway, receiver, integration, token } = await standUp();

  const refused = await gateway.post(integration, "guess", { event_type: "create", Id: "a", Title: "From outside" });
  expect(refused.status).toBe(403);
  await gateway.post(integration, token, { event_type: "create", Id: "b", Title: "From inside" });

  await vi.waitFor(() => expect(receiver.arrivals).toHaveLength(1), WITHIN);
  expect(receiver.arrivals[0]?.data.alert.title).toBe("From inside");
  // An event comes on record once its first attempt is over.
  await vi.waitFor(async () => expect((await gateway.api("GET", "/events")).body.data).toHaveLength(1), WITHIN);
});

test("a delivery that fails is tried again under the same id until the receiver takes it", async () => {
  const { gateway, receiver, integration, token } = await standUp({ RETRY_SCHEDULE: "1,1,1,1,1,1,1,1,1,1" });
  receiver.answers = 503;
  await gateway.post(integration, token, { event_type: "create", Id: "a", Title: "Down for a while" });
  await vi.waitFor(() => expect(receiver.arrivals.length).toBeGreaterThanOrEqual(2), WITHIN);

  receiver.answers = 200;
  await vi.waitFor(async () => {
    const { body } = await gateway.api("GET", "/deliveries?status=delivered");
    expect(body.data).toHaveLength(1);
  }, WITHIN);
  expect(new Set(receiver.arrivals.map(({ id }) => id)).size).toBe(1);
});
