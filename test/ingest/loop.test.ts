import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { contextOf } from "../../src/context.ts";
import { bindingsWith, fakeQueue } from "../support/bindings.ts";
import { insertIntegrationRow } from "../support/integrations.ts";
import { post } from "../support/posting.ts";
import {
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  processBatch,
} from "../support/world.ts";

it("a delivery that returns to its gateway is refused, by any name of the gateway", async () => {
  await insertIntegrationRow({ id: "int_open" });
  await insertDestination("dst_0000000000000000000000000001");
  await insertRoute("rte_1", ["dst_0000000000000000000000000001"]);
  const seen = fakeOutside();
  await processBatch(createWorld().context, [eventMessage("create", "disk")]);
  const [sent] = seen;
  const { queue, sent: queued } = fakeQueue();
  const answer = await post(bindingsWith({ EVENTS: queue }), "/integration/int_open", {
    body: sent?.body ?? "",
    headers: sent?.headers ?? {},
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ title: "This gateway itself sent this request." });
  expect(queued).toEqual([]);
});

it("a delivery of another gateway is accepted like any webhook", async () => {
  await insertIntegrationRow({ id: "int_open" });
  const { queue, sent } = fakeQueue();
  const other = `${await contextOf(env).keys.gatewayId()}0`;
  const body = JSON.stringify({ event_type: "create", Id: "disk", Title: "Disk" });
  const answer = await post(bindingsWith({ EVENTS: queue }), "/integration/int_open", {
    body,
    headers: { "hookgate-gateway": other },
  });
  expect(answer.status).toBe(200);
  expect(sent).toHaveLength(1);
});
