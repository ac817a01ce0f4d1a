// What the counts of the reconciliation mean, for a reader who has not read about them.

export const EACH_DESTINATION =
  "An event counts once for each of its destinations, and once if it has none. So the total is not the number of events.";

export const COUNTS = [
  { name: "accepted", meaning: "The total, counted apart from the others when the events arrived" },
  { name: "delivered", meaning: "A destination accepted it" },
  { name: "dead", meaning: "The last attempt failed, and it was not replayed" },
  { name: "pending", meaning: "An attempt follows" },
  { name: "cancelled", meaning: "No longer wanted, or replayed: the replay counts instead" },
  { name: "ignored", meaning: "The event has no destination" },
  { name: "outbox", meaning: "The event is not processed yet" },
] as const;
