import { beforeEach, describe, expect, it } from "vitest";
import { createApiRoutes } from "../../../src/api/api.ts";
import type { EventMessage } from "../../../src/model/event.ts";
import { alertIdOf } from "../../../src/model/ids.ts";
import { bindingsWith, fakeQueue } from "../../support/bindings.ts";
import { eventsIn } from "../../support/posting.ts";
import {
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  processBatch,
  storedAlerts,
} from "../../support/world.ts";

const apiRoutes = createApiRoutes();

let { queue, sent } = fakeQueue();
let opened: EventMessage = eventMessage("create", "disk");

async function act(action: string, id = alertIdOf(opened.id)): Promise<Response> {
  const bindings = bindingsWith({ EVENTS: queue });
  const headers = { authorization: `Bearer ${bindings.ADMIN_TOKEN}` };
  return await apiRoutes.request(`/alerts/${id}/${action}`, { method: "POST", headers }, bindings);
}

beforeEach(async () => {
  ({ queue, sent } = fakeQueue());
  await insertDestination("dst_0000000000000000000000000001");
  await insertRoute("rte_1", ["dst_0000000000000000000000000001"]);
  fakeOutside();
  opened = eventMessage("create", "disk");
  await processBatch(createWorld().context, [opened]);
});

describe("an alert by hand", () => {
  it("is acknowledged, then resolved: events like any other", async () => {
    for (const [action, status] of [
      ["acknowledge", "acknowledged"],
      ["resolve", "resolved"],
    ] as const) {
      const answer = await act(action);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({
        id: alertIdOf(opened.id),
        status,
        [`${status}_at`]: expect.any(String),
      });
      await processBatch(createWorld().context, eventsIn(sent.splice(0)));
      expect(await storedAlerts()).toMatchObject([{ key: "disk", status }]);
    }
  });

  it("makes no event where it is so already", async () => {
    await act("resolve");
    await processBatch(createWorld().context, eventsIn(sent.splice(0)));
    for (const action of ["resolve", "acknowledge"]) {
      const answer = await act(action);
      expect(await answer.json()).toMatchObject({ status: "resolved" });
    }
    expect(sent).toEqual([]);
  });

  it("that does not exist is 404", async () => {
    expect((await act("resolve", "alr_0000000000000000000000000000")).status).toBe(404);
  });
});
