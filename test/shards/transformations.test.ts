import { expect, it } from "vitest";
import { unwrap } from "../../src/client/index.ts";
import { client } from "../support/api.ts";
import { destination, forgetConfig, integrationIn, post, standUp } from "./stand.ts";

it("a replay of the events for which a transformation failed takes those of both shards, newest first", async () => {
  const stand = standUp();
  await destination();
  const code = "export default (event) => event.nothing.at.all;\n";
  const { id } = unwrap(await client.transformations.create({ name: "Faulty", code }));
  const integrations = [
    await integrationIn(0, { type: "catch", transformation_id: id }),
    await integrationIn(1, { type: "catch", transformation_id: id }),
  ];
  const events: string[] = [];
  for (const name of ["a", "b", "c"]) {
    for (const integration of integrations) {
      events.unshift((await post(integration, name)).json.id);
      await stand.drain();
    }
  }
  expect(stand.seen).toEqual([]);
  expect(unwrap(await client.transformations.replay(id))).toMatchObject({ count: 6, next_cursor: null });
  const stopped = unwrap(await client.transformations.replay(id, { dry_run: false }));
  expect(stopped).toMatchObject({ count: 3, failed: 3, stopped: true });
  expect(stopped.failures.map(({ event_id }) => event_id)).toEqual(events.slice(0, 3));
  unwrap(await client.transformations.update(id, { code: "export default (event) => event;\n" }));
  forgetConfig();
  const rest = unwrap(await client.transformations.replay(id, { dry_run: false, cursor: stopped.next_cursor }));
  expect(rest).toMatchObject({ count: 3, replayed: 3, next_cursor: null });
  expect(unwrap(await client.transformations.replay(id, { dry_run: false }))).toMatchObject({ count: 3, replayed: 3 });
  await stand.drain();
  expect(stand.seen).toHaveLength(6);
});
