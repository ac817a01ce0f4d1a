// The log of events and deliveries, for readers. Code outside this folder reads the log through this module only, so that another
// store can be put under it. Changes are in changes.ts and erase.ts. Other folders of src/storage use deliveries-column.ts,
// event-row.ts and erased-fields.ts in their SQL. test/tooling/event-log.test.ts checks these rules.
//
// Lists are read newest first, replays oldest first, both from a cursor (cursor.ts). Every read is bounded.

export { LOG_END, cursorAtTime, decodeCursor } from "./cursor.ts";

export { type TimeRange, boundsOfRange } from "./time-range.ts";
export type { ListedPage } from "../pages.ts";
export type { EventFilters } from "./event-filters.ts";
export { type ListedEvent, findEvent, listEvents, listEventsById } from "./list-events.ts";
export type { DeliveryFilters } from "./delivery-filters.ts";
export { type ListedDelivery, findDelivery, listDeliveries } from "./list-deliveries.ts";

// Single events, and what they hold.
export { readSummaries } from "./titles.ts";
export { type ContentColumn, type StoredAggregate, readAggregates, readRecords } from "./event-row.ts";
export { readHeads } from "./cold/find.ts";
export { MAX_DELIVERIES, NEVER_RESCUED, type RowForm, isOutstanding } from "./deliveries-column.ts";
export {
  type NoDeliverable,
  type StoredDeliverable,
  findDeliverable,
  findEventWithContent,
  type EventWithContent,
  eachContent,
  readEvents,
  readStored,
  readStoredMessage,
} from "./content.ts";

// The newest events.
export { type LastSeenQuery, newestDeliverableId, readLastSeen } from "./newest.ts";
export { type Sample, readSamples } from "./samples.ts";

// Unfinished work.
export { type RescueCursor, RESCUE_START, readOverdue, readPending, readPendingFor } from "./pending.ts";
export {
  MAX_COUNTED_EVENTS,
  type Match,
  type MatchCount,
  countMatches,
  readMatches,
  readUnknownDeliveries,
  startOf,
} from "./replay-matches.ts";
export { type GroupMember, type GroupSummary, readMembers, summarizeGroup } from "./group-members.ts";
