import { findDeadLetter } from "../../storage/pipeline/dead-letters.ts";
import { findIn } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { deadLetter, viewDeadLetter } from "./fields.ts";

export const get = endpoint({
  id: "deadLetters.get",
  method: "GET",
  path: "/dead-letters/{id}",
  scope: "read",
  summary: "Get a dead letter",
  answers: { 200: returns(deadLetter, "The dead letter.") },
}).handle(async ({ context, id }) => {
  const located = await findIn(context, ({ shard: { db } }) => findDeadLetter(db, id));
  return located === null ? notFound("dead letter") : { status: 200, body: viewDeadLetter(located.found) };
});
