import { findDestination, updateDestination } from "../../storage/destinations/destinations.ts";
import { recordChange } from "../audit/record.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { destination } from "./fields.ts";
import { readStates, viewDestination } from "./view.ts";

export const pause = endpoint({
  id: "destinations.pause",
  method: "POST",
  path: "/destinations/{id}/pause",
  scope: "write",
  summary: "Pause a destination",
  description:
    "Its deliveries wait, whatever their age, and none is cancelled. An attempt in flight ends, and other isolates stop within 10 seconds. A destination that is paused stays as it is.",
  answers: { 200: returns(destination, "The paused destination.") },
}).handle(async (request) => {
  const { context, id } = request;
  const stored = await findDestination(context.primary, id);
  if (stored === null) return notFound("destination");
  const at = new Date(context.clock()).toISOString();
  const record = recordChange(request, "destination.paused", stored, { ...stored, paused_at: at });
  const paused =
    stored.paused_at === null
      ? await updateDestination(context.primary, stored.id, { paused_at: at, updated_at: at }, null, record)
      : stored;
  context.caches.config.forget();
  if (paused === null) return notFound("destination");
  return { status: 200, body: viewDestination(paused, await readStates(context, [paused])) };
});
