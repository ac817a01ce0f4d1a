import { isJsonObject } from "./json.ts";

// Each isolate numbers the messages that it accepts for a shard, from 1 on, under a name of its own. A message carries its number,
// and what the isolate knew as it was made: through which number each message is accepted or refused, and which were refused. So a
// number that is missing below `sure`, and was not refused, is that of an accepted message that was lost.

/** Numbers from the first through the second. */
export type NumberRange = readonly [first: number, last: number];

/** The number of a message. The pair of `isolate` and `number` is unique. */
export type AcceptedAs = {
  /** The isolate's name for its messages to one shard: the prefix `iso`, the time of its first message, and random characters. */
  readonly isolate: string;
  readonly number: number;
  /** Each message through this number is accepted, except those in `refused`. */
  readonly sure: number;
  /** The numbers through `sure` whose sender received an error, so that the message may exist or not. */
  readonly refused?: readonly NumberRange[] | undefined;
};

function isRange(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((each) => Number.isSafeInteger(each));
}

/** Returns whether a value is the number of a message. Checked by hand, so that ingest need not load more of a library. */
export function isAcceptedAs(value: unknown): value is AcceptedAs {
  if (!isJsonObject(value) || typeof value["isolate"] !== "string") return false;
  if (!Number.isSafeInteger(value["number"]) || !Number.isSafeInteger(value["sure"])) return false;
  const { refused = [] } = value;
  return Array.isArray(refused) && refused.every(isRange);
}

/** Returns the number of a message whose other fields may be unreadable, or null if it has none. */
export function acceptedAsIn(message: unknown): AcceptedAs | null {
  const from = isJsonObject(message) ? message["from"] : undefined;
  return isAcceptedAs(from) ? from : null;
}

/** Numbers of one isolate that arrived, with the latest that it knew. `at_ms` is when the message with that was accepted. */
export type ArrivedNumbers = {
  readonly isolate: string;
  readonly numbers: readonly number[];
  readonly sure: number;
  readonly refused: readonly NumberRange[];
  readonly at_ms: number;
};

/** Returns the number of one message as one that arrived. */
export function arrived({ isolate, number, sure, refused = [] }: AcceptedAs, at_ms: number): ArrivedNumbers {
  return { isolate, numbers: [number], sure, refused, at_ms };
}
