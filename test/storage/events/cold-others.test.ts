import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { contextOf } from "../../../src/context.ts";
import { lowestIdAt } from "../../../src/model/ids.ts";
import { eachContent, readHeads, readLastSeen, readMembers, summarizeGroup } from "../../../src/storage/events/log.ts";
import { AT, contentOf, deliveryTo } from "../../api/records.ts";
import { clientOf } from "../../support/api.ts";
import { moveToSegments } from "../../support/cold.ts";
import { tables } from "../../support/tables.ts";
import { insertDestination } from "../../support/world.ts";

// Readers of the log that are neither lists nor single events.

const DESTINATION = "dst_0000000000000000000000000001";
const INTEGRATION = "int_0000000000000000000000000001";
const COUNT = 6;

function eventId(index: number): string {
  return lowestIdAt("evt", Date.parse(AT) + index * 1_000);
}

const IDS = Array.from({ length: COUNT }, (_, index) => eventId(index));

beforeEach(async () => {
  await insertDestination(DESTINATION);
  await tables.integrations.insert({ id: INTEGRATION });
  await tables.events.insert(
    ...IDS.map((id, index) => ({
      id,
      integration_id: INTEGRATION,
      type: index === COUNT - 1 ? null : "event.received",
      deliveries: index === COUNT - 1 ? [] : [deliveryTo(id, DESTINATION, { attempts: [] })],
      content: { ...contentOf({ title: `Report ${index}` }), signal: { action: "receive", note: null } },
    })),
  );
  await moveToSegments([IDS.slice(0, 3), IDS.slice(3)]);
});

const api = clientOf();

it("samples of an integration come from segments, the newest first, and from D1", async () => {
  const samplesOf = async (limit: number) =>
    unwrap(await api.integrations.samples.list(INTEGRATION, { limit })).data.map(({ event_id }) => event_id);
  expect(await samplesOf(4)).toEqual(IDS.toReversed().slice(0, 4));
  await tables.events.insert({
    id: eventId(4).replace(/0$/, "1"),
    integration_id: INTEGRATION,
    content: contentOf({ title: "In between" }),
  });
  expect((await samplesOf(3))[1]).toBe(eventId(4).replace(/0$/, "1"));
});

it("previews show the newest deliverable event of a segment, and any other", async () => {
  const newest = unwrap(await api.destinations.preview(DESTINATION, {}));
  expect(newest).toMatchObject({ ok: true, event_id: eventId(COUNT - 2) });
  const named = unwrap(await api.destinations.preview(DESTINATION, { event_id: eventId(1) }));
  expect(named).toMatchObject({ ok: true, event_id: eventId(1) });
});

it("an integration was last seen when maintenance says so, if its events have moved", async () => {
  const query = { integration_id: INTEGRATION, from_ms: Date.parse(AT) };
  expect(await readLastSeen(contextOf(env), [query], 100)).toEqual(new Map());
  const at = Date.parse(AT) + 5_000;
  await tables.maintenance_tasks.insert({ task: "acceptance", position: { seen: { [INTEGRATION]: at } } });
  expect(await readLastSeen(contextOf(env), [query], 100)).toEqual(new Map([[INTEGRATION, at]]));
  expect(await readLastSeen(contextOf(env), [{ ...query, from_ms: at + 1 }], 100)).toEqual(new Map());
});

it("contents, heads and members of groups are found in segments", async () => {
  const context = contextOf(env);
  const wanted = [eventId(0), eventId(4), lowestIdAt("evt", 5)];
  const contents: string[] = [];
  for await (const { id } of eachContent(context, wanted)) contents.push(id);
  expect(contents.toSorted()).toEqual([eventId(0), eventId(4)]);
  expect((await readHeads(context, wanted)).map(({ id }) => id).toSorted()).toEqual([eventId(0), eventId(4)]);
  await tables.group_members.insert(...IDS.map((event_id) => ({ group_id: "grp_1", event_id })));
  expect((await readMembers(context, "grp_1", eventId(0), 3)).map(({ id }) => id)).toEqual(IDS.slice(1, 4));
  expect(await summarizeGroup(context, "grp_1", 10)).toMatchObject({ occurrences: COUNT, event_ids: IDS, alert: null });
});

it("the audit trail names events of segments", async () => {
  await tables.audit.insert({
    id: "aud_0000000000000000000000000001",
    at: AT,
    actor: "admin",
    action: "event.replayed",
    kind: "event",
    target_id: eventId(2),
  });
  expect(unwrap(await api.audit.list({})).data).toMatchObject([{ target: { name: "Report 2" } }]);
});
