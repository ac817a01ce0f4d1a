import { type AcceptedAs, type ArrivedNumbers, type NumberRange, arrived } from "../../model/acceptance.ts";
import type { EventMessage } from "../../model/event.ts";
import type { ShardDatabase } from "../../platform/shards.ts";
import { WATERMARK } from "./rollups.ts";

// The numbers of accepted messages. That of an event is in its row; maintenance reads it once the watermark of the rollups has passed
// the event. Other numbers take a row of `accepted_numbers`, one for a batch.

/** Returns the column `accepted_as`. */
export function acceptedAsColumn(from: AcceptedAs | undefined): string | null {
  if (from === undefined) return null;
  const { isolate, number, sure, refused } = from;
  return JSON.stringify(refused === undefined ? [isolate, number, sure] : [isolate, number, sure, refused]);
}

/** Numbers of an isolate as `accepted_numbers` has them. */
export type NumbersItem = readonly [
  isolate: string,
  numbers: readonly number[],
  sure: number,
  refused: readonly NumberRange[] | null,
  at_ms: number,
];

function itemOf({ isolate, numbers, sure, refused, at_ms }: ArrivedNumbers): NumbersItem {
  return [isolate, numbers, sure, refused, at_ms];
}

/** An item of `INSERT_UNREAD_NUMBERS`. */
export type UnreadNumber = { readonly id: string; readonly is_repeat: 0 | 1; readonly numbers: NumbersItem };

/** Returns the item for a message that writes no event, or whose event may be late; none if it has no number. */
export function unreadNumber(
  { id, received_at, from }: Pick<EventMessage, "id" | "received_at" | "from">,
  isRepeat: boolean,
): UnreadNumber[] {
  if (from === undefined) return [];
  return [{ id, is_repeat: isRepeat ? 1 : 0, numbers: itemOf(arrived(from, Date.parse(received_at))) }];
}

const RANDOM_ID = "lower(hex(randomblob(16)))";

/**
 * The statement that keeps the numbers of messages that write no event, and of new events at or below the watermark, which
 * maintenance does not read. It runs before the events are inserted, and takes a JSON list of `UnreadNumber`.
 */
export const INSERT_UNREAD_NUMBERS = `
  INSERT INTO accepted_numbers (id, numbers)
  SELECT ${RANDOM_ID}, json_group_array(json(u.value->'numbers')) FROM json_each(?1) u
  WHERE u.value->>'is_repeat' = 1 OR (
    u.value->>'id' <= ${WATERMARK} AND NOT EXISTS (SELECT 1 FROM events e WHERE e.id = u.value->>'id'))
  HAVING COUNT(*) > 0`;

const INSERT_NUMBERS = `INSERT INTO accepted_numbers (id, numbers) VALUES (${RANDOM_ID}, ?1)`;

/** Returns the statement that keeps the numbers of messages that came to no event, or none if there are no numbers. */
export function insertNumbers(db: ShardDatabase, numbers: readonly AcceptedAs[], nowMs: number): D1PreparedStatement[] {
  if (numbers.length === 0) return [];
  const items = numbers.map((each) => itemOf(arrived(each, nowMs)));
  return [db.prepare(INSERT_NUMBERS).bind(JSON.stringify(items))];
}

const LEAVE_NUMBERS = `
  INSERT INTO accepted_numbers (id, numbers)
  SELECT ${RANDOM_ID}, ?1
  WHERE EXISTS (SELECT 1 FROM json_each(?2) u WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id = u.value))`;

/** What an isolate leaves. `event_ids` are the events whose rows would say it, or null if there are too many to look up. */
type LastNumbers = Pick<ArrivedNumbers, "isolate" | "sure" | "refused"> & {
  readonly event_ids: readonly string[] | null;
};

/** Keeps what an isolate knows of its numbers, unless all of the events are recorded. Returns whether it wrote a row. */
export async function leaveNumbers(
  db: ShardDatabase,
  { isolate, sure, refused, event_ids }: LastNumbers,
  nowMs: number,
): Promise<boolean> {
  const numbers = JSON.stringify([itemOf({ isolate, numbers: [], sure, refused, at_ms: nowMs })]);
  const statement =
    event_ids === null
      ? db.prepare(INSERT_NUMBERS).bind(numbers)
      : db.prepare(LEAVE_NUMBERS).bind(numbers, JSON.stringify(event_ids));
  return (await statement.run()).meta.changes > 0;
}
