import { inputOf } from "./tool.ts";

// Requests that people make of an agent, written out with the tools that answer them.

type Prompt = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: ReturnType<typeof inputOf>;
  /** Returns the text of the request. */
  readonly text: (given: Readonly<Record<string, unknown>>) => string;
};

function textOf(given: unknown): string {
  return JSON.stringify(typeof given === "string" ? given.slice(0, 500) : "");
}

export const PROMPTS: readonly Prompt[] = [
  {
    name: "why_did_nobody_hear",
    title: "Why did nobody hear of this?",
    description: "Finds out why an alert or a webhook reached nobody.",
    input: inputOf(
      { subject: { type: "string", description: "What it was about: a host, a key, a title, or an id." } },
      ["subject"],
    ),
    text: ({ subject }) =>
      `Find out why nobody was notified of ${textOf(subject)}.
1. Use list_alerts and search_events with q, and get_event if it is an id. If nothing is found, the webhook never arrived or was refused: say so, and use list_integrations to see when each integration last received something.
2. For each event that is found, use explain_failure. It names the condition of the route that failed, or what the receiver answered.
3. Answer in this order: what arrived and when, what the gateway did with it, why it reached nobody, and the one change that would have helped.
Change nothing. Offer a retry or a replay, with the number of deliveries from a dry run, and wait for my answer.`,
  },
  {
    name: "review_dead_deliveries",
    title: "Review dead deliveries",
    description: "Groups the deliveries that were given up, and says what to mend.",
    input: inputOf({}),
    text: () =>
      `Review the deliveries that were given up.
1. Use list_deliveries with outstanding "true", and follow next_cursor for at most five pages.
2. Group them by destination and by the reason of the last attempt. Use explain_failure for one delivery of each group.
3. For each group answer: how many, since when, the cause, and what mends it.
Change nothing. For each group whose cause is corrected, offer a replay, with the count of a dry run.`,
  },
  {
    name: "check_the_gateway",
    title: "Check the gateway",
    description: "Says whether everything that was accepted was delivered.",
    input: inputOf({}),
    text: () =>
      `Check the gateway.
1. Use reconciliation: is it balanced, is anything missing, how much is pending or dead?
2. Use list_destinations: which destinations fail, are paused or are disabled?
3. Use list_integrations: which ones have not received anything for unusually long?
4. Use metrics with measure "failed" and group_by "destination" for the last day.
Answer in five lines at most, the worst first.`,
  },
];
