import { deliveryIdOf, eventIdOf, lowestIdAt, timeOf } from "../../model/ids.ts";
import { ABOVE_ALL_IDS } from "../tables.ts";

/**
 * A position in the log: just above the event, delivery or alert with this id. The log is in order of the time of receipt, then
 * of the id. An id starts with that time, so ids alone sort the same way, and the text of a cursor is its id.
 */
export type LogCursor = { readonly received_at_ms: number; readonly id: string };

/** The position below the oldest event. A list that is read oldest first starts here. */
export const LOG_START: LogCursor = { received_at_ms: Number.NEGATIVE_INFINITY, id: "" };
/** The position above the newest event. A list that is read newest first starts here. */
export const LOG_END: LogCursor = { received_at_ms: Number.POSITIVE_INFINITY, id: ABOVE_ALL_IDS };

/** Returns the position of an id. */
export function cursorAt(id: string): LogCursor {
  return { received_at_ms: timeOf(id), id };
}

/** Returns the position below the first event that was received at this time (ms since 1970) or later. */
export function cursorAtTime(ms: number): LogCursor {
  const received_at_ms = Math.max(0, ms);
  return { received_at_ms, id: lowestIdAt("evt", received_at_ms) };
}

/** The letters of an id, without its prefix, and the text that sorts after the rest of any id. */
const ID_LENGTH = "evt_".length + 28;
const ABOVE_ALL_DELIVERIES = "z".repeat(32);

/** Returns the position just above an event, as text: below every newer event. Cursors hold letters and digits only. */
export function positionAbove(eventId: string): string {
  return `${eventId}0`;
}

/**
 * Returns the position in a list of deliveries that is below all deliveries of an event and above those of older events. For a
 * position above an event, it is above the deliveries of that event.
 */
export function cursorBelowDeliveriesOf(position: string): LogCursor {
  const isAbove = position.length > ID_LENGTH;
  return cursorAt(
    deliveryIdOf(isAbove ? position.slice(0, ID_LENGTH) : position, "") + (isAbove ? ABOVE_ALL_DELIVERIES : ""),
  );
}

/** Returns the event whose deliveries lie around a position, and whether the position is below all of them. */
export function eventAt({ id }: LogCursor): { readonly id: string; readonly isBelow: boolean } {
  const eventId = eventIdOf(id);
  return { id: eventId, isBelow: id === deliveryIdOf(eventId, "") };
}

/** Returns the text of a cursor, for rows and pages of lists. */
export function encodeCursor({ id }: LogCursor): string {
  return id;
}

/** Returns the cursor of such a text, or `start` if there is none. */
export function decodeCursor(text: string | null, start: LogCursor): LogCursor {
  return text === null || text === "" ? start : cursorAt(text);
}
