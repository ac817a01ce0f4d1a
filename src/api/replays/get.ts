import { joinParts } from "../../model/replay.ts";
import { findReplay } from "../../storage/pipeline/replays.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { replay } from "./fields.ts";

export const get = endpoint({
  id: "replays.get",
  method: "GET",
  path: "/replays/{id}",
  scope: "read",
  summary: "Get a replay and its progress",
  answers: { 200: returns(replay, "The replay.") },
}).handle(async ({ context, id }) => {
  const parts = await Promise.all(context.shards.map(({ db }) => findReplay(db, id)));
  const found = joinParts(parts.filter((part) => part !== null));
  return found === null ? notFound("replay") : { status: 200, body: found };
});
