import { joinParts } from "../../model/replay.ts";
import { cancelReplay, findReplay } from "../../storage/pipeline/replays.ts";
import { recordAction } from "../audit/record.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { replay } from "./fields.ts";

export const cancel = endpoint({
  id: "replays.cancel",
  method: "POST",
  path: "/replays/{id}/cancel",
  scope: "write",
  summary: "Stop a replay",
  description: "Deliveries that it has made continue. A finished replay stays as it is.",
  answers: { 200: returns(replay, "The replay.") },
}).handle(async (request) => {
  const { context, id } = request;
  const known = await Promise.all(context.shards.map(({ db }) => findReplay(db, id)));
  if (known.every((part) => part === null)) return notFound("replay");
  await recordAction(request, "replay.cancelled", { id });
  const at = new Date(context.clock()).toISOString();
  const parts = await Promise.all(context.shards.map(({ db }) => cancelReplay(db, id, at)));
  const cancelled = joinParts(parts.filter((part) => part !== null));
  return cancelled === null ? notFound("replay") : { status: 200, body: cancelled };
});
