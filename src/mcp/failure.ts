import type { DeliveryOfEvent, Destination, EventExplanation } from "../client/index.ts";
import { hintOfAttempt } from "../delivery/attempts/hints.ts";
import { line } from "./strangers.ts";
import { DEFER_REASONS, RETRIED_BY_HAND, TOO_MANY_DESTINATIONS } from "../model/delivery.ts";

// Why an event did not reach someone, in sentences, and what to do about it.

/** `why`: facts. `next_steps`: what would help, with the tools that do it. */
export type Explanation = { readonly why: readonly string[]; readonly next_steps: readonly string[] };

const WAITS: Readonly<Record<string, string>> = {
  [DEFER_REASONS.breaker]:
    "It waits because the destination fails: its circuit breaker is open. This uses up no attempt.",
  [DEFER_REASONS.rate_limit]: "It waits for the rate limit of its destination.",
  [DEFER_REASONS.concurrency]: "It waits because the destination has as many requests in flight as it may have.",
  [DEFER_REASONS.keys]: "It waits because the gateway cannot open its keys. See GET /ready.",
  [DEFER_REASONS.paused]: "It waits because the destination is paused.",
  [DEFER_REASONS.order]: "It waits for earlier deliveries of its alert to this destination, which makes them in order.",
  [DEFER_REASONS.listener]: "It waits until `hookgate listen` connects.",
  [RETRIED_BY_HAND]: "It was retried or replayed by hand.",
};

const ENDS: Readonly<Record<string, string>> = {
  gone: "The destination responded with 410 Gone, which disables it.",
  attempts_exhausted: "All attempts of the retry schedule failed.",
  captured_missing:
    "Its request needs a value of an earlier response that no delivery of its alert has captured. Retry the earlier delivery first.",
  [TOO_MANY_DESTINATIONS]: "The event has more destinations than one event can have.",
  destination_disabled: "The destination is disabled.",
  destination_deleted: "The destination was deleted.",
  content_erased: "The content of the event was erased.",
  superseded: "An earlier event arrived late, after which this one is no longer to be delivered.",
  listener_gone: "The command that listened did not come back.",
};

function attemptsOf({ attempts }: DeliveryOfEvent): readonly string[] {
  const last = attempts.at(-1);
  if (last === undefined) return ["No attempt was made."];
  const answered = last.status === null ? (last.error ?? "There was no response.") : `status ${last.status}`;
  return [`${attempts.length} of its attempts were made. The last one, at ${last.at}: ${answered}`];
}

function stateOf(destination: Destination | null): readonly string[] {
  if (destination === null) return ["Its destination does not exist any more."];
  const { name, enabled, disabled_reason, paused_at, health } = destination;
  return [
    ...(enabled ? [] : [`The destination ${JSON.stringify(name)} is disabled (${disabled_reason ?? "by hand"}).`]),
    ...(paused_at === null ? [] : [`The destination ${JSON.stringify(name)} is paused since ${paused_at}.`]),
    ...(health.status === "healthy"
      ? []
      : [`The destination has failed ${health.failures} times in a row since ${health.failing_since ?? "recently"}.`]),
  ];
}

function stepsFor(delivery: DeliveryOfEvent, destination: Destination | null): readonly string[] {
  const { status, attempts, replayed_by, next_attempt_at } = delivery;
  if (replayed_by !== null) return [`It was replayed: see ${replayed_by}.`];
  if (status === "delivered") return [];
  const last = attempts.at(-1);
  const hints = last === undefined || (last.error === null && last.status === null) ? [] : [hintOfAttempt(last)];
  if (destination === null) return [...hints, "Replay the event to another destination."];
  if (!destination.enabled) return [...hints, "Mend the destination, enable it, and then use retry_delivery."];
  if (destination.paused_at !== null) return ["Use resume_destination when the receiver is ready."];
  if (status === "pending") {
    return [...hints, `Wait until ${next_attempt_at ?? "it is due"}, or use retry_delivery to try at once.`];
  }
  return [
    ...hints,
    "After the cause is corrected, use retry_delivery, or replay for all dead deliveries of the destination.",
  ];
}

/** Explains a delivery. `destination` is null if it was deleted. */
export function explainDelivery(delivery: DeliveryOfEvent, destination: Destination | null): Explanation {
  const { status, reason, next_attempt_at } = delivery;
  const told = reason === null ? undefined : (status === "pending" ? WAITS : ENDS)[reason];
  const next = next_attempt_at === null ? [] : [`The next attempt is at ${next_attempt_at}.`];
  return {
    why: [
      `The delivery is ${status}.`,
      ...(told === undefined ? [] : [told]),
      ...attemptsOf(delivery),
      ...(status === "pending" ? next : []),
      ...(status === "delivered" ? [] : stateOf(destination)),
    ],
    next_steps: stepsFor(delivery, destination),
  };
}

const REFUSALS: Readonly<Record<string, string>> = {
  disabled: "is disabled",
  integration: "does not take events of this integration",
  event_type: "does not take this type of event",
  match: "has a filter that does not match",
  over_budget: "has a filter that takes more work than it may, which counts as no match",
  not_deliverable: "takes no events of this outcome",
  content_gone: "cannot be evaluated, because the content of the event is gone",
  not_evaluated: "was not evaluated",
};

type ExplainedRoute = EventExplanation["routes"][number];

function explainRefusal({ name, reason, failed }: ExplainedRoute): string {
  const conditions = (failed ?? [])
    .slice(0, MAX_CONDITIONS)
    .map(({ path, operator, expected }) => `${path} ${operator} ${JSON.stringify(expected).slice(0, 200)}`);
  const because = conditions.length === 0 ? "" : `: ${conditions.join("; ")}`;
  return `The route ${JSON.stringify(name)} ${REFUSALS[reason ?? ""] ?? "does not take the event"}${because}.`;
}

/** The conditions of one route that are explained. */
const MAX_CONDITIONS = 5;

/** Returns the values of the event that failed conditions looked at, by path. The sender wrote them. */
function comparedIn(routes: readonly ExplainedRoute[]): Readonly<Record<string, string | null>> {
  const conditions = routes.flatMap(({ failed }) => (failed ?? []).slice(0, MAX_CONDITIONS));
  return Object.fromEntries(
    conditions.map(({ path, actual, found }) => [path, found ? line(JSON.stringify(actual)) : "(missing)"]),
  );
}

/** An explanation with the values of the event that were compared. */
type Unrouted = Explanation & { readonly from_sender: { readonly compared: Readonly<Record<string, string | null>> } };

/** Explains an event that has no deliveries, from what `GET /events/{id}/explain` says of each route. */
export function explainUnrouted({ note, routes }: Pick<EventExplanation, "note" | "routes">): Unrouted {
  const takes = routes.filter((route) => route.takes === true);
  const refuses = routes.filter((route) => route.takes !== true);
  return {
    why: [
      "The event has no delivery.",
      ...(note === null ? [] : [line(note) ?? ""]),
      ...(routes.length === 0 ? ["The gateway has no routes."] : refuses.map(explainRefusal)),
      ...takes.map(({ name }) => `The route ${JSON.stringify(name)} would take it now.`),
    ],
    next_steps:
      takes.length > 0
        ? ["A route takes the event now, so it was changed later. Replay the event to deliver it."]
        : ["Change or add a route; preview_route shows which stored events it would take. Then replay the event."],
    from_sender: { compared: comparedIn(refuses) },
  };
}
