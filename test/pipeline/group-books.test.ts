import { expect, it } from "vitest";
import { closeGroups } from "../../src/pipeline/close-groups.ts";
import { unwrap } from "../../src/client/index.ts";
import { client } from "../support/api.ts";
import { caughtAt, eventAt, insertGroupingRoute, storedGroups } from "../support/groups.ts";
import { createWorld, fakeOutside, insertDestination, insertRoute, processBatch } from "../support/world.ts";

const FIRST = "dst_0000000000000000000000000001";
const SECOND = "dst_0000000000000000000000000002";

it("the reconciliation is balanced while events wait in groups, and when they are delivered", async () => {
  fakeOutside();
  const world = createWorld();
  await insertDestination(FIRST);
  await insertDestination(SECOND);
  await insertGroupingRoute("rte_00000000000000000000000000aa", [FIRST, SECOND]);
  await insertRoute("rte_00000000000000000000000000bb", [SECOND], ["alert.created"]);
  const start = Date.now() - 1_000;
  await processBatch(world.context, [
    eventAt(start, "create", "disk"),
    eventAt(start + 1, "create", "disk"),
    eventAt(start + 2, "resolve", "none"),
    caughtAt(start + 3, { a: 1 }),
  ]);
  const books = async () => unwrap(await client.reconciliation.get());
  // Three events times the two destinations of their groups; one of them also by itself to one of these; one to none.
  expect(await books()).toMatchObject({ accepted: 8, delivered: 1, pending: 6, ignored: 1, balanced: true });
  world.pass(60_000);
  await closeGroups(
    world.context,
    (await storedGroups()).map(({ id }) => id),
  );
  expect(await books()).toMatchObject({ accepted: 8, delivered: 7, pending: 0, ignored: 1, balanced: true });
});

it("the reconciliation is balanced if a window ends in an hour without other events", async () => {
  fakeOutside();
  const world = createWorld();
  await insertDestination(FIRST);
  await insertGroupingRoute("rte_00000000000000000000000000aa", [FIRST]);
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 5 * 3_600_000;
  await processBatch(world.context, [eventAt(hour - 1, "create", "disk"), eventAt(hour - 1, "create", "disk")]);
  await closeGroups(
    world.context,
    (await storedGroups()).map(({ id }) => id),
  );
  for (let looks = 0; looks < 2; looks++) {
    expect(unwrap(await client.reconciliation.get())).toMatchObject({ accepted: 2, delivered: 2, balanced: true });
  }
});
