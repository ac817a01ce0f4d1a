import type { FirstAttempt } from "../delivery/attempts/first-attempts.ts";
import type { Health } from "../delivery/limits/health.ts";
import { cancel, newDelivery, reinstate } from "../delivery/attempts/transitions.ts";
import type { Delivery } from "../model/delivery.ts";
import type { Membership, Route } from "../model/route.ts";
import { groupsOf } from "../routing/grouping.ts";
import { type Candidate, type Owed, owedBeforehand, readingOf, selectRoutes } from "../routing/select.ts";
import type { ConfigSnapshot } from "../storage/config/config.ts";
import { logLine } from "../platform/log.ts";

/** What is owed for one event: its deliveries, and those of them that are to be tried at once. */
export type Plan = {
  readonly deliveries: readonly Delivery[];
  readonly firsts: readonly FirstAttempt[];
  /** The groups that it is to be told in. */
  readonly memberships: readonly Membership[];
};

/** Who is told of an event by itself, and in which groups it is told. */
export function routeEvent(
  routes: readonly Route[],
  event: Candidate,
): { readonly owed: readonly Owed[]; readonly memberships: readonly Membership[] } {
  const reading = readingOf(event);
  const { owed, grouping, gave_up } = selectRoutes(routes, reading);
  const { memberships, unnamed } = groupsOf(grouping, reading);
  const event_id = event.id;
  if (gave_up.length > 0) logLine("warn", "matches given up as too costly", { event_id, route_ids: gave_up });
  if (unnamed.length > 0) logLine("warn", "group_by not filled in", { event_id, route_ids: unnamed });
  return { owed, memberships };
}

/**
 * Plans the deliveries that an event is owed. `existing` are those it has: they stay, but pending ones that are owed no
 * longer are given up, and those are taken up again that are owed after all. `at` is an ISO time.
 */
export function planDeliveries(
  catalog: ConfigSnapshot,
  health: Health,
  event: Candidate,
  existing: readonly Delivery[],
  at: string,
): Plan {
  const { type } = event;
  const { owed, memberships } = routeEvent(catalog.routes, event);
  const isOwedBeforehand = owedBeforehand(event.content) !== null;
  const owedTo = new Set(owed.map((each) => each.destination_id));
  const deliveries = existing.map((each) => {
    // What was replayed by hand was asked for, owed or not.
    if (each.replay_of !== null) return each;
    return owedTo.has(each.destination_id) ? reinstate(each, at) : cancel(each, "superseded", at);
  });
  const firsts: FirstAttempt[] = [];
  for (const each of owed) {
    const destination = catalog.destinations.get(each.destination_id);
    const known = existing.some(
      (delivery) => delivery.destination_id === each.destination_id && delivery.replay_of === null,
    );
    if (known || type === null) continue;
    const delivery = newDelivery(event.id, each, at);
    if (destination === undefined) {
      if (isOwedBeforehand) deliveries.push(cancel(delivery, "destination_deleted", at));
      continue;
    }
    const { content } = event;
    // What has been erased can no longer be sent.
    if (content === null || !destination.enabled) {
      deliveries.push(cancel(delivery, content === null ? "content_erased" : "destination_disabled", at));
      continue;
    }
    deliveries.push(delivery);
    if (health.isHealthy(destination.id)) firsts.push({ event: { ...event, type, content }, delivery, destination });
  }
  return { deliveries, firsts, memberships };
}
