import type { Health } from "../delivery/limits/health.ts";
import { abandon, cancel, deferUntilResumed, newDelivery, reinstate } from "../delivery/attempts/transitions.ts";
import { UNSHARED, type SharedWork } from "../model/budget.ts";
import { type Delivery, TOO_MANY_DESTINATIONS } from "../model/delivery.ts";
import type { Destination } from "../model/destination.ts";
import type { Deliverable } from "../model/envelope.ts";
import type { Membership, Route } from "../model/route.ts";
import { logLine } from "../platform/log.ts";
import { groupsOf } from "../routing/grouping.ts";
import {
  type Candidate,
  type Reading,
  type Recipient,
  type Selection,
  fixedRecipients,
  readingOf,
  selectInSteps,
} from "../routing/select.ts";
import type { ConfigSnapshot } from "../storage/config/config.ts";
import { MAX_DELIVERIES } from "../storage/events/log.ts";

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

/** The inputs of a plan. `at` is the present time (ISO). What the plan costs counts in `work`. */
export type PlanSources = {
  readonly config: ConfigSnapshot;
  readonly health: Health;
  readonly at: string;
  readonly work?: SharedWork;
};

async function select(routes: readonly Route[], reading: Reading, work: SharedWork): Promise<Selection> {
  const steps = selectInSteps(routes, reading);
  for (;;) {
    const step = work.run(() => steps.next());
    if (step.done === true) return step.value;
    if (work.needsPause) await work.pause();
  }
}

/** Returns the destinations that receive an event by itself, and the groups in which others receive it. */
export async function routeEvent(
  routes: readonly Route[],
  event: Candidate,
  work: SharedWork = UNSHARED,
): Promise<{ readonly recipients: readonly Recipient[]; readonly memberships: readonly Membership[] }> {
  const reading = readingOf(event, work);
  const { recipients, grouping, over_budget } = await select(routes, reading, work);
  const { memberships, unnamed } = work.run(() => groupsOf(grouping, reading));
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

/** A delivery that is new, and its destination if it is to be attempted at once. */
type Planned = { readonly delivery: Delivery; readonly attempt_to: Destination | null };

/** Plans the delivery to one recipient; null if it gets none. */
function planOne({ config, health, at }: PlanSources, event: Candidate, recipient: Recipient): Planned | null {
  const { content } = event;
  const destination = config.destinations.get(recipient.destination_id);
  const delivery = newDelivery(event.id, recipient, at);
  if (destination === undefined) {
    if (fixedRecipients(content) === null) return null;
    return { delivery: cancel(delivery, "destination_deleted", at), attempt_to: null };
  }
  if (content === null || !destination.enabled) {
    const reason = content === null ? "content_erased" : "destination_disabled";
    return { delivery: cancel(delivery, reason, at), attempt_to: null };
  }
  if (destination.paused_at !== null) return { delivery: deferUntilResumed(delivery), attempt_to: null };
  return { delivery, attempt_to: health.isHealthy(destination.id) ? destination : null };
}

/** Bounds the deliveries of an event, because they are in its row. One dead delivery stands for those past the limit. */
function boundPlanned(planned: readonly Planned[], existing: readonly Delivery[], at: string): readonly Planned[] {
  const room = MAX_DELIVERIES - existing.length;
  if (planned.length <= room) return planned;
  const kept = planned.slice(0, Math.max(0, room - 1));
  const next = planned[kept.length];
  if (next === undefined) return kept;
  const { event_id } = next.delivery;
  logLine("error", "deliveries.abandoned", { event_id, count: planned.length - kept.length });
  if (existing.some(({ reason }) => reason === TOO_MANY_DESTINATIONS)) return kept;
  return [...kept, { delivery: abandon(next.delivery, TOO_MANY_DESTINATIONS, at), attempt_to: null }];
}

/** Plans the deliveries of an event. `existing` are the deliveries that it has on record. */
export async function planDeliveries(
  sources: PlanSources,
  event: Candidate,
  existing: readonly Delivery[],
): Promise<Plan> {
  const { config, at, work } = sources;
  const { type, content } = event;
  const { recipients, memberships } = await routeEvent(config.routes, event, work);
  const kept = keepExisting(existing, recipients, at);
  const known = new Set(existing.filter((each) => each.replay_of === null).map((each) => each.destination_id));
  const missing = type === null ? [] : recipients.filter((each) => !known.has(each.destination_id));
  const planned = boundPlanned(
    missing.flatMap((each) => planOne(sources, event, each) ?? []),
    existing,
    at,
  );
  return {
    deliveries: [...kept, ...planned.map(({ delivery }) => delivery)],
    first_attempts: planned.flatMap(({ delivery, attempt_to: destination }) =>
      type === null || content === null || destination === null
        ? []
        : [{ event: { ...event, type, content }, delivery, destination }],
    ),
    memberships,
  };
}
