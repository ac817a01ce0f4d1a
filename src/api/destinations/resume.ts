import { planUnpause, unpauseFirst } from "../../delivery/attempts/unpause.ts";
import { findDestination, updateDestination } from "../../storage/destinations/destinations.ts";
import { recordChange } from "../audit/record.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { destination } from "./fields.ts";
import { readStates, viewDestination } from "./view.ts";

export const resume = endpoint({
  id: "destinations.resume",
  method: "POST",
  path: "/destinations/{id}/resume",
  scope: "write",
  summary: "Resume a destination",
  description:
    "The deliveries that have waited are attempted from now on, at most 50 a second. Of very many, most become due within minutes after the response. A destination that is not paused stays as it is.",
  answers: { 200: returns(destination, "The resumed destination.") },
}).handle(async (request) => {
  const { context, id } = request;
  const stored = await findDestination(context.primary, id);
  if (stored === null) return notFound("destination");
  const view = async (shown: typeof stored) => viewDestination(shown, await readStates(context, [shown]));
  if (stored.paused_at === null) return { status: 200, body: await view(stored) };
  await planUnpause(context, stored.id);
  const updated_at = new Date(context.clock()).toISOString();
  const record = recordChange(request, "destination.resumed", stored, { ...stored, paused_at: null });
  const resumed = await updateDestination(context.primary, stored.id, { paused_at: null, updated_at }, null, record);
  context.caches.config.forget();
  if (resumed === null) return notFound("destination");
  await unpauseFirst(context, stored.id);
  return { status: 200, body: await view(resumed) };
});
