import type * as z from "zod/mini";
import type { Context } from "../../context.ts";
import { changePending } from "../../delivery/attempts/pending-changes.ts";
import type { Destination } from "../../model/destination.ts";
import { fail } from "../../model/result.ts";
import { findDestination, updateDestination } from "../../storage/destinations/destinations.ts";
import { recordRecovery } from "../../storage/destinations/health.ts";
import { recordChange, withChanges } from "../audit/record.ts";
import { type Shown, endpoint, jsonBody, returns } from "../endpoint.ts";
import { notFound, refuseBody } from "../problems.ts";
import { destinationChange, revealedDestination } from "./fields.ts";
import { resolveChange } from "./resolve-change.ts";
import { readStates, viewDestination } from "./view.ts";
import type { ApiRequest, Refusal } from "../request.ts";

/** How often a change is tried again because the same destination was changed meanwhile. */
const MAX_ROUNDS = 5;

/** Applies the effects of a change on deliveries. */
async function applyEffects(
  context: Context,
  stored: Destination,
  updated: Destination,
  isMoved: boolean,
): Promise<void> {
  // A destination that is enabled again or moved starts without the failures of before.
  if ((updated.enabled && !stored.enabled) || isMoved) {
    await recordRecovery(context.primary, stored.id);
    context.caches.health.learn(stored.id, undefined);
  }
  if (JSON.stringify(updated.rate_limit) !== JSON.stringify(stored.rate_limit)) {
    await changePending(context, stored.id, "release_slots");
  }
  if (!updated.enabled && stored.enabled) await changePending(context, stored.id, "cancel_disabled");
}

type Updated = { readonly status: 200; readonly body: Shown<typeof revealedDestination> };

/** Updates a destination once; null if it was changed since it was read, so that nothing is written. */
async function updateOnce(
  request: ApiRequest,
  stored: Destination,
  given: z.output<typeof destinationChange>,
): Promise<Updated | Refusal | null> {
  const { context } = request;
  const resolved = await resolveChange(request, stored, given);
  if (!resolved.ok) return refuseBody(resolved.error);
  const { changes, is_moved, depends_on_secrets, revealed } = resolved.value;
  const record = recordChange(request, "destination.updated", stored, withChanges(stored, changes));
  const known = depends_on_secrets ? stored : null;
  const updated = await updateDestination(context.primary, stored.id, changes, known, record);
  context.caches.config.forget();
  if (updated === null) return null;
  await applyEffects(context, stored, updated, is_moved);
  const view = viewDestination(updated, await readStates(context, [updated]));
  return { status: 200, body: { ...view, ...(revealed === null ? {} : { signing_secret: revealed }) } };
}

export const update = endpoint({
  id: "destinations.update",
  method: "PATCH",
  path: "/destinations/{id}",
  scope: "write",
  summary: "Update a destination",
  description: "Secrets that are omitted keep their values. `type` cannot be changed.",
  body: jsonBody(destinationChange, { timeout_ms: 5_000 }),
  answers: { 200: returns(revealedDestination, "The updated destination.") },
  problems: {
    409: "Another destination has this `external_id`, or other requests kept changing the destination: then send it again.",
  },
}).handle(async (request) => {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const stored = await findDestination(request.context.primary, request.id);
    if (stored === null) return notFound("destination");
    const updated = await updateOnce(request, stored, request.body);
    if (updated !== null) return updated;
  }
  return fail({ code: "conflict", title: "Other requests kept changing the destination. Send it again." });
});
