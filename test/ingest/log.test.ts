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

it("requests that share a send share a line, which names all of their events", async () => {
  const info = vi.spyOn(console, "info").mockReturnValue();
  const first = fakeQueue();
  const release = Promise.withResolvers<void>();
  const held = {
    ...first.queue,
    sendBatch: async (messages: Iterable<MessageSendRequest>) => {
      await release.promise;
      return await first.queue.sendBatch(messages);
    },
  };
  const bindings = bindingsWith({ EVENTS: held });
  const body = JSON.stringify({ event_type: "create", Id: "genset-4/fuel", Title: "Fuel is low" });
  const responses = [1, 2, 3].map(() => post(bindings, "/integration/int_open", { body }));
  release.resolve();
  const ids = await Promise.all(responses.map(async (response) => (await (await response).json<{ id: string }>()).id));
  const lines = info.mock.calls.map(([line]) => JSON.parse(String(line)));
  expect(new Set(lines.flatMap(({ event_id, event_ids }) => event_ids ?? [event_id]))).toEqual(new Set(ids));
  expect(lines.length).toBeLessThan(3);
});

it("a refused request writes no line of an accepted event", async () => {
  const info = vi.spyOn(console, "info").mockReturnValue();
  const bindings = bindingsWith({ EVENTS: fakeQueue().queue });
  expect((await post(bindings, "/integration/int_open", { body: "not JSON" })).status).toBe(400);
  expect(info).not.toHaveBeenCalled();
});
