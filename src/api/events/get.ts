import * as z from "zod/mini";
import { findEvent } from "../../storage/events/log.ts";
import { readGroupsOf } from "../../storage/pipeline/groups.ts";
import { findIn } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { answerSchema } from "../schema.ts";
import { expandEvent, expandEvents, expandedFields } from "./expand.ts";
import { viewDeliveriesOf, viewEvent, wholeEvent } from "./fields.ts";

const expandedWholeEvent = answerSchema("WholeEvent", z.extend(wholeEvent, expandedFields));

export const get = endpoint({
  id: "events.get",
  method: "GET",
  path: "/events/{id}",
  scope: "read",
  summary: "Get an event with its deliveries",
  query: { expand: expandEvent },
  answers: { 200: returns(expandedWholeEvent, "The event.") },
}).handle(async ({ context, id, query: { expand } }) => {
  const located = await findIn(context, (at) => findEvent(at, id));
  if (located === null) return notFound("event");
  const { at, found } = located;
  const groups = found.grouped === 0 ? [] : await readGroupsOf(at.shard.db, found);
  const { rows } = await expandEvents(context, { rows: [found], next: null }, expand);
  const shown = rows[0] ?? viewEvent(found);
  return { status: 200, body: { ...shown, deliveries: viewDeliveriesOf(found), groups } };
});
