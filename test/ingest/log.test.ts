import { beforeEach, expect, it, vi } from "vitest";
import { insertIntegrationRow } from "../support/integrations.ts";
import { bindingsWith, fakeQueue } from "../support/bindings.ts";
import { post } from "../support/posting.ts";

beforeEach(async () => {
  await insertIntegrationRow({ id: "int_open" });
});

it("an accepted request writes one line, which names its event and holds nothing of its body", async () => {
  const info = vi.spyOn(console, "info").mockReturnValue();
  const bindings = bindingsWith({ EVENTS: fakeQueue().queue });
  const body = JSON.stringify({ event_type: "create", Id: "genset-4/fuel", Title: "Fuel is low" });
  const response = await post(bindings, "/integration/int_open", { body });
  const { id } = await response.json<{ id: string }>();
  expect(info.mock.calls.map(([line]) => JSON.parse(String(line)))).toEqual([
    {
      level: "info",
      event: "event.accepted",
      integration_id: "int_open",
      event_id: id,
      count: 1,
      duration_ms: expect.any(Number),
    },
  ]);
});

it("a refused request writes no line of an accepted event", async () => {
  const info = vi.spyOn(console, "info").mockReturnValue();
  const bindings = bindingsWith({ EVENTS: fakeQueue().queue });
  expect((await post(bindings, "/integration/int_open", { body: "not JSON" })).status).toBe(400);
  expect(info).not.toHaveBeenCalled();
});
