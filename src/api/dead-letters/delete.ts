import { deleteDeadLetter } from "../../storage/pipeline/dead-letters.ts";
import { DELETED, endpoint } from "../endpoint.ts";
import { notFound } from "../problems.ts";

export const remove = endpoint({
  id: "deadLetters.delete",
  method: "DELETE",
  path: "/dead-letters/{id}",
  scope: "write",
  summary: "Delete a dead letter",
  answers: DELETED,
}).handle(async ({ context, id }) => {
  const deletions = await Promise.all(context.shards.map(({ db }) => deleteDeadLetter(db, id)));
  return deletions.includes(true) ? { status: 204, body: null } : notFound("dead letter");
});
