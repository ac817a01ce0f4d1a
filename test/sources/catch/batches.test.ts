import { describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { client } from "../../support/api.ts";
import { events } from "../../support/catch.ts";
import { openLine } from "../../support/flow.ts";

type Make = (id: string) => object;
const SENDERS: readonly (readonly [string, Make])[] = [
  ["CloudEvents", (id) => ({ specversion: "1.0", id, source: "/shop", type: "order" })],
  ["SendGrid", (id) => ({ sg_event_id: id, event: "open" })],
  ["Azure Event Grid", (id) => ({ id, topic: "/t", subject: "s", eventType: "x", data: {} })],
];

describe.each(SENDERS)("a batch of %s", (_, make) => {
  it("has an id for each of its events, which is the same in every batch", () => {
    const idsOf = (ids: readonly string[]) => events(ids.map(make)).map(({ provider_event_id }) => provider_event_id);
    const [a = null, b = null] = idsOf(["a", "b"]);
    expect(a).not.toBeNull();
    expect(a).not.toBe(b);
    expect(idsOf(["b"])).toEqual([b]);
    expect(idsOf(["c", "b", "a"])).toEqual([expect.any(String), b, a]);
  });

  it("delivers an event once, in whatever batch it comes again", async () => {
    const line = await openLine("catch", {});
    for (const ids of [["a", "b"], ["b", "c"], ["b"], ["c", "a", "d"]]) await line.send(ids.map(make));
    expect(unwrap(await client.events.list({ integration_id: line.id })).data).toHaveLength(4);
  });
});

it("a batch without ids, or with the id of its request, is known by the place in it", () => {
  expect(events([{ n: 1 }, { n: 2 }]).map((each) => [each.provider_event_id, each.has_own_id])).toEqual([
    [null, undefined],
    [null, undefined],
  ]);
  const headers = { "x-amz-sns-message-id": "m1" };
  const batch = [{ sg_event_id: "a" }, { sg_event_id: "b" }];
  expect(events(batch, { headers }).map((each) => [each.provider_event_id, each.has_own_id])).toEqual([
    ["m1", undefined],
    ["m1", undefined],
  ]);
});
