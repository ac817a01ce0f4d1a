import { expect, test, vi } from "vitest";
import { WITHIN, standUp } from "./stand.ts";

test("a group is delivered once although the gateway is killed within its window", async () => {
  const { gateway, receiver, destination, token } = await standUp();
  const grouped = await gateway.create("integrations", {
    name: "Grouped",
    type: "pagertree",
    auth: { type: "token", token },
  });
  await gateway.create("routes", {
    name: "Batches",
    integration_ids: [grouped.id],
    destination_ids: [destination.id],
    group_window_seconds: 3,
    group_attributes: ["Host"],
  });
  const create = { event_type: "create", Id: "disk-7", Title: "Disk is full" };
  const ids: string[] = [];
  for (const Host of ["a", "b", "a"]) {
    const answer = await gateway.post(grouped, token, { ...create, Host });
    expect(answer.status).toBe(200);
    ids.push(answer.body.id);
  }
  await vi.waitFor(async () => {
    expect((await gateway.api("GET", `/events?integration_id=${grouped.id}`)).body.data).toHaveLength(3);
  }, WITHIN);
  await gateway.end("SIGKILL");
  await gateway.start();

  await vi.waitFor(() => expect(receiver.arrivals).not.toHaveLength(0), WITHIN);
  const [arrival] = receiver.arrivals;
  expect(arrival).toMatchObject({ type: "event.group", verified: true });
  expect(arrival?.data).toMatchObject({
    integration_id: grouped.id,
    group: "disk-7",
    occurrences: 3,
    event_ids: ids,
    attributes: {
      Host: [
        ["a", 2],
        ["b", 1],
      ],
    },
    alert: { key: "disk-7", dedup_count: 2 },
  });
  await vi.waitFor(async () => {
    const { body } = await gateway.api("GET", `/events?type=event.group&integration_id=${grouped.id}`);
    expect(body.data).toEqual([expect.objectContaining({ outcome: "received", unrouted: false })]);
    const deliveries = await gateway.api("GET", `/deliveries?status=delivered&event_id=${body.data[0].id}`);
    expect(deliveries.body.data).toEqual([
      expect.objectContaining({ id: arrival?.id, destination_id: destination.id }),
    ]);
    const member = await gateway.api("GET", `/events/${ids[0]}`);
    expect(member.body.groups).toEqual([expect.objectContaining({ group: "disk-7", event_id: body.data[0].id })]);
  }, WITHIN);
  expect(new Set(receiver.arrivals.map(({ id }) => id)).size).toBe(1);
});
