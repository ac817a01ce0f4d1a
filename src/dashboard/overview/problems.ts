import type { Destination, Integration } from "../../client/index.ts";

/** The states of `Status`: this file is tested without a document. */
type Health = "ok" | "failing" | "pending" | "dead" | "quiet";

/** How an integration or a destination is doing, in a word, and since when. */
export type Condition = { readonly health: Health; readonly word: string; readonly since: string | null };

const FINE: Condition = { health: "ok", word: "healthy", since: null };

type IntegrationState = Pick<Integration, "enabled" | "last_event_at" | "last_rejection" | "options">;
const DAY_MS = 86_400_000;

function expectedEveryMs({ options }: IntegrationState): number | null {
  const value: unknown = new Map<string, unknown>(Object.entries(options)).get("expect_every_minutes");
  return typeof value === "number" ? value * 60_000 : null;
}

/** An integration is rejecting if the newest request of the last day was refused, and silent if an event is overdue. */
export function integrationCondition(integration: IntegrationState, nowMs: number): Condition {
  const { enabled, last_event_at, last_rejection } = integration;
  if (!enabled) return { health: "quiet", word: "disabled", since: null };
  const heardMs = last_event_at === null ? 0 : Date.parse(last_event_at);
  const refusedMs = last_rejection === null ? 0 : Date.parse(last_rejection.at);
  if (last_rejection !== null && refusedMs > heardMs && refusedMs > nowMs - DAY_MS) {
    return { health: "dead", word: "rejecting", since: last_rejection.at };
  }
  const everyMs = expectedEveryMs(integration);
  if (everyMs !== null && last_event_at !== null && heardMs < nowMs - everyMs) {
    return { health: "failing", word: "silent", since: last_event_at };
  }
  return last_event_at === null ? { health: "quiet", word: "no event yet", since: null } : FINE;
}

type DestinationState = Pick<Destination, "enabled" | "disabled_reason" | "paused_at" | "health">;

export function destinationCondition({ enabled, disabled_reason, paused_at, health }: DestinationState): Condition {
  if (!enabled) return { health: disabled_reason === null ? "quiet" : "dead", word: "disabled", since: null };
  if (paused_at !== null) return { health: "pending", word: "paused", since: paused_at };
  switch (health.status) {
    case "healthy":
      return FINE;
    case "failing":
    case "probing":
      return { health: "failing", word: "failing", since: health.failing_since };
    case "paused_by_breaker":
      return { health: "dead", word: "failing", since: health.failing_since };
  }
}

/** Whether somebody must look: a thing that was switched off on purpose is no problem. */
export function isProblem({ health, word }: Condition): boolean {
  return health === "dead" || health === "failing" || word === "paused";
}
