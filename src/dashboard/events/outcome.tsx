import type { Outcome } from "../../model/event-types.ts";
import { type Health, Status } from "../ui/status.tsx";

const OUTCOME_HEALTH = {
  created: "failing",
  repeated: "quiet",
  updated: "pending",
  acknowledged: "pending",
  resolved: "ok",
  received: "ok",
  ignored: "quiet",
  transformation_failed: "dead",
} as const satisfies Record<Outcome, Health>;

function isKnown(outcome: string): outcome is keyof typeof OUTCOME_HEALTH {
  return Object.hasOwn(OUTCOME_HEALTH, outcome);
}

/** What an event did. A newer gateway may name outcomes that this page does not know. */
export function OutcomeStatus({ outcome }: { readonly outcome: string }) {
  return <Status health={isKnown(outcome) ? OUTCOME_HEALTH[outcome] : "dead"}>{outcome.replaceAll("_", " ")}</Status>;
}
