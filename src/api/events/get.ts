import { findEvent } from "../../storage/events/log.ts";
import { readGroupsOf } from "../../storage/pipeline/groups.ts";
import { findIn } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { viewDeliveriesOf, viewEvent, wholeEvent } from "./fields.ts";

export const get = endpoint({
  id: "events.get",
  method: "GET",
  path: "/events/{id}",
  scope: "read",
  summary: "Get an event with its deliveries",
  answers: { 200: returns(wholeEvent, "The event.") },
}).handle(async ({ context, id }) => {
  const located = await findIn(context, (at) => findEvent(at, id));
  if (located === null) return notFound("event");
  const { at, found } = located;
  const groups = found.grouped === 0 ? [] : await readGroupsOf(at.shard.db, found);
  return { status: 200, body: { ...viewEvent(found), deliveries: viewDeliveriesOf(found), groups } };
});
