import { DEFER_REASONS, type Delivery } from "./delivery.ts";
import { type MessageType, type Outcome, type Signal, TYPES_BY_NAME_ONLY } from "./event.ts";

/** An event with what came of it. */
export type Noted = {
  readonly outcome: Outcome;
  readonly type: MessageType | null;
  readonly signal: Signal;
  /** Whether a destination receives it, by itself or in a group. */
  readonly is_routed: boolean;
  /** Its deliveries, if they are known. */
  readonly deliveries?: readonly Pick<Delivery, "status" | "reason">[];
};

function whyIgnored({ action }: Signal): string {
  switch (action) {
    case "resolve":
      return "No alert with this key was open.";
    case "acknowledge":
      return "No alert with this key was open, or it was acknowledged already.";
    case "create":
    case "update":
    case "remind":
    case "receive":
    case "ignore":
    case "announce":
      return "The event has no deliverable outcome.";
  }
}

/** The reasons that a note names, at most. */
const MAX_REASONS = 5;

/** Returns why no delivery of an event succeeded or can still succeed; null if one did or can. */
function whyFailed(deliveries: readonly Pick<Delivery, "status" | "reason">[]): string | null {
  const isFinal = deliveries.every(({ status }) => status === "dead" || status === "cancelled");
  if (deliveries.length === 0 || !isFinal) return null;
  const kinds = Map.groupBy(deliveries, ({ status, reason }) => `${status} (${reason ?? "no reason"})`);
  const counts = [...kinds].slice(0, MAX_REASONS).map(([kind, list]) => `${list.length} ${kind}`);
  return `Nothing was delivered: ${counts.join(", ")}${kinds.size > MAX_REASONS ? ", …" : ""}.`;
}

/** Returns that all deliveries that are not final wait for paused destinations; null if one may be attempted. */
function whyWaiting(deliveries: readonly Pick<Delivery, "status" | "reason">[]): string | null {
  const pending = deliveries.filter(({ status }) => status === "pending");
  if (pending.length === 0 || pending.some(({ reason }) => reason !== DEFER_REASONS.paused)) return null;
  return pending.length === 1
    ? "1 delivery waits until its destination is resumed."
    : `${pending.length} deliveries wait until their destinations are resumed.`;
}

function whyNothing({ outcome, type, signal, is_routed, deliveries = [] }: Noted): string | null {
  if (is_routed) return whyFailed(deliveries) ?? whyWaiting(deliveries);
  if (type === null) return outcome === "ignored" ? whyIgnored(signal) : null;
  return isByNameOnly(type)
    ? `Only routes that name ${type} receive it, and none does.`
    : "No enabled route takes this event.";
}

/** Returns whether events of a type are delivered only if a route names it. */
export function isByNameOnly(type: MessageType): boolean {
  return TYPES_BY_NAME_ONLY.includes(type);
}

/** Returns the note of an event: what its source says, and why it is not delivered, or not yet, if it is not. Null if there is nothing to say. */
export function noteOf(noted: Noted): string | null {
  const { signal } = noted;
  // A source that ignores an event says why.
  const why = signal.action === "ignore" ? null : whyNothing(noted);
  const sentences = [signal.note, why].filter((sentence) => sentence !== null && sentence !== "");
  return sentences.length === 0 ? null : sentences.join(" ");
}
