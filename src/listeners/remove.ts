import { contextOf } from "../context.ts";
import { changePending } from "../delivery/attempts/pending-changes.ts";
import { GATEWAY_ACTOR } from "../model/audit.ts";
import type { Env } from "../platform/bindings.ts";
import { logLine } from "../platform/log.ts";
import { insertAuditIfChanged } from "../storage/config/audit.ts";
import { deleteRoute, findRoute, routesNaming } from "../storage/config/routes.ts";
import { deleteDestination, findDestination } from "../storage/destinations/destinations.ts";

/** A listener has one route. Others that somebody added only lose it. */
const MAX_ROUTES = 20;

/** Whether a destination exists to which commands listen. */
export async function isListener(env: Env, destinationId: string): Promise<boolean> {
  return (await findDestination(contextOf(env).primary, destinationId))?.type === "cli";
}

/**
 * Deletes the destination of a command that did not come back, with the routes that deliver to nothing else, and cancels its
 * pending deliveries. Can be repeated.
 */
export async function removeListener(env: Env, destinationId: string): Promise<void> {
  const context = contextOf(env);
  const { primary, caches } = context;
  const destination = await findDestination(primary, destinationId);
  if (destination?.type === "cli") {
    const entry = (action: "route.deleted" | "destination.deleted", id: string, name: string) => {
      const { id: entryId, at_ms } = context.mint("aud");
      const kind = action === "route.deleted" ? "route" : "destination";
      return insertAuditIfChanged(primary, {
        id: entryId,
        at: new Date(at_ms).toISOString(),
        actor: GATEWAY_ACTOR,
        action,
        kind,
        target_id: id,
        target_name: name,
        before: { reason: "listener_gone" },
        after: null,
      });
    };
    for (const { id, name } of await routesNaming(primary, destinationId, MAX_ROUTES)) {
      const route = await findRoute(primary, id);
      if (route?.destination_ids.length === 1) await deleteRoute(primary, id, [entry("route.deleted", id, name)]);
    }
    const record = [entry("destination.deleted", destinationId, destination.name)];
    await deleteDestination(primary, destinationId, new Date(context.clock()).toISOString(), record);
    caches.config.forget();
    logLine("warn", "listener.removed", { destination_id: destinationId });
  }
  await changePending(context, destinationId, "cancel_unheard");
}
