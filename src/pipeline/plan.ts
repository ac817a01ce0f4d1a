import type { Health } from "../delivery/limits/health.ts";
import { cancel, newDelivery, reinstate } from "../delivery/attempts/transitions.ts";
import type { Delivery } from "../model/delivery.ts";
import type { Destination } from "../model/destination.ts";
import type { Deliverable } from "../model/envelope.ts";
import type { Membership, Route } from "../model/route.ts";
import { logLine } from "../platform/log.ts";
import { groupsOf } from "../routing/grouping.ts";
import { type Candidate, type Recipient, fixedRecipients, readingOf, selectRoutes } from "../routing/select.ts";
import type { ConfigSnapshot } from "../storage/config/config.ts";

/** A planned delivery to attempt at once. */
export type FirstAttempt = {
  readonly event: Deliverable;
  readonly delivery: Delivery;
  readonly destination: Destination;
};

/** The deliveries of one event. */
export type Plan = {
  readonly deliveries: readonly Delivery[];
  /** Those of the deliveries to attempt at once. */
  readonly first_attempts: readonly FirstAttempt[];
  /** The groups in which the event is delivered together with others. */
  readonly memberships: readonly Membership[];
};

/** The inputs of a plan. `at` is the present time (ISO). */
export type PlanSources = { readonly config: ConfigSnapshot; readonly health: Health; readonly at: string };

/** Returns the destinations that receive an event by itself, and the groups in which others receive it. */
export function routeEvent(
  routes: readonly Route[],
  event: Candidate,
): { readonly recipients: readonly Recipient[]; readonly memberships: readonly Membership[] } {
  const reading = readingOf(event);
  const { recipients, grouping, over_budget } = selectRoutes(routes, reading);
  const { memberships, unnamed } = groupsOf(grouping, reading);
  const event_id = event.id;
  if (over_budget.length > 0) logLine("warn", "route_matches.abandoned", { event_id, route_ids: over_budget });
  if (unnamed.length > 0) logLine("warn", "group_keys.render_failed", { event_id, route_ids: unnamed });
  return { recipients, memberships };
}

/** Adjusts the deliveries on record to the routes: cancels pending ones that are superseded, reinstates those due again. */
function keepExisting(existing: readonly Delivery[], recipients: readonly Recipient[], at: string): Delivery[] {
  const wanted = new Set(recipients.map((each) => each.destination_id));
  return existing.map((each) => {
    // A replay was asked for, whatever the routes say.
    if (each.replay_of !== null) return each;
    return wanted.has(each.destination_id) ? reinstate(each, at) : cancel(each, "superseded", at);
  });
}

/** Plans the deliveries of an event. `existing` are the deliveries that it has on record. */
export function planDeliveries(
  { config, health, at }: PlanSources,
  event: Candidate,
  existing: readonly Delivery[],
): Plan {
  const { type, content } = event;
  const { recipients, memberships } = routeEvent(config.routes, event);
  const deliveries = keepExisting(existing, recipients, at);
  const first_attempts: FirstAttempt[] = [];
  const known = new Set(existing.filter((each) => each.replay_of === null).map((each) => each.destination_id));
  for (const each of recipients) {
    if (type === null || known.has(each.destination_id)) continue;
    const destination = config.destinations.get(each.destination_id);
    const delivery = newDelivery(event.id, each, at);
    if (destination === undefined) {
      if (fixedRecipients(content) !== null) deliveries.push(cancel(delivery, "destination_deleted", at));
      continue;
    }
    if (content === null || !destination.enabled) {
      deliveries.push(cancel(delivery, content === null ? "content_erased" : "destination_disabled", at));
      continue;
    }
    deliveries.push(delivery);
    if (health.isHealthy(destination.id)) {
      first_attempts.push({ event: { ...event, type, content }, delivery, destination });
    }
  }
  return { deliveries, first_attempts, memberships };
}
