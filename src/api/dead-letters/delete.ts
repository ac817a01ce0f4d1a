import { deleteDeadLetter, findDeadLetter } from "../../storage/pipeline/dead-letters.ts";
import { findIn } from "../across-shards.ts";
import { recordAction } from "../audit/record.ts";
import { DELETED, endpoint } from "../endpoint.ts";
import { notFound } from "../problems.ts";

export const remove = endpoint({
  id: "deadLetters.delete",
  method: "DELETE",
  path: "/dead-letters/{id}",
  scope: "write",
  summary: "Delete a dead letter",
  answers: DELETED,
}).handle(async (request) => {
  const { context, id } = request;
  const located = await findIn(context, ({ shard: { db } }) => findDeadLetter(db, id));
  if (located === null) return notFound("dead letter");
  await recordAction(request, "dead_letter.deleted", { id }, { queue: located.found.queue });
  const deletions = await Promise.all(context.shards.map(({ db }) => deleteDeadLetter(db, id)));
  return deletions.includes(true) ? { status: 204, body: null } : notFound("dead letter");
});
