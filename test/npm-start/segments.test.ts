import { expect, test, vi } from "vitest";
import { WITHIN, standUp, verifyLog } from "./stand.ts";

/** An event is counted when it is a minute old, and moves after that. */
const UNTIL_COLD = { ...WITHIN, timeout: 300_000 };

test("an event that has moved to a segment is listed, shown, replayed, retried and erased as any other", async () => {
  const { gateway, receiver, integration, token } = await standUp({ HOT_HOURS: "0" });
  const secret = "a customer that wants to be forgotten";
  for (const body of [
    { event_type: "create", Id: "disk-7", Title: secret },
    { event_type: "resolve", Id: "disk-7" },
  ]) {
    expect((await gateway.post(integration, token, body)).status).toBe(200);
  }
  await vi.waitFor(() => expect(receiver.arrivals).toHaveLength(2), WITHIN);
  const inSegments = async (): Promise<number> => {
    const { data } = (await gateway.api("GET", "/segments")).body;
    return data.reduce((sum: number, { events }: { events: number }) => sum + events, 0);
  };
  await vi.waitFor(async () => expect(await inSegments()).toBe(2), UNTIL_COLD);

  const { body: events } = await gateway.api("GET", "/events");
  expect(events).toMatchObject({ data: [{ type: "alert.resolved" }, { type: "alert.created" }], next_cursor: null });
  const [resolved, created] = events.data;
  expect((await gateway.api("GET", `/events?alert_id=${created.alert_id}`)).body.data).toHaveLength(2);
  expect((await gateway.api("GET", "/events?q=forgotten")).body.data.map(({ id }: { id: string }) => id)).toContain(
    created.id,
  );
  expect((await gateway.api("GET", "/deliveries?status=delivered")).body.data).toHaveLength(2);
  const whole = (await gateway.api("GET", `/events/${created.id}`)).body;
  expect(whole.deliveries).toMatchObject([{ status: "delivered", event_id: created.id }]);
  expect((await gateway.api("GET", `/events/${created.id}/explain`)).body.routes).toMatchObject([{ takes: true }]);

  expect((await gateway.api("POST", `/events/${resolved.id}/replay`, {})).status).toBe(200);
  await vi.waitFor(() => expect(receiver.arrivals).toHaveLength(3), WITHIN);
  const retried = await gateway.api("POST", `/deliveries/${whole.deliveries[0].id}/retry`);
  expect(retried.body).toMatchObject({ replay_of: whole.deliveries[0].id });
  await vi.waitFor(() => expect(receiver.arrivals).toHaveLength(4), WITHIN);
  await vi.waitFor(async () => {
    const { body } = await gateway.api("GET", "/deliveries?replays=true&status=delivered");
    expect(body.data).toHaveLength(2);
  }, WITHIN);

  expect((await gateway.api("POST", `/events/${created.id}/erase`)).status).toBe(200);
  expect(JSON.stringify((await gateway.api("GET", "/events")).body)).not.toContain(secret);
  expect(JSON.stringify((await gateway.api("GET", "/deliveries?expand=event,alert")).body)).not.toContain(secret);
  const { body: balance } = await gateway.api("GET", "/reconciliation");
  expect(balance).toMatchObject({ balanced: true });
  expect(await verifyLog(gateway)).toMatchObject({ events: 2, faults: [] });
});
