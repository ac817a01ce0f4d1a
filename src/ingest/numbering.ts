import type { AcceptedAs, NumberRange } from "../model/acceptance.ts";
import type { IdMinter } from "../model/ids.ts";

/** A number that is not resolved after this long counts as refused, in ms: its request was cancelled. */
const MAX_OPEN_MS = 60_000;
/** A message names this many ranges of refused numbers. Beyond that the isolate begins anew under another name. */
export const MAX_REFUSED_RANGES = 4;
/** The events that are looked up when the isolate falls idle. */
export const MAX_TAIL_EVENTS = 100;
/** The characters of a name: the prefix, the time, the count, and 40 random bits. */
const NAME_LENGTH = 24;

/** Numbers for the messages of one request. */
export type TakenNumbers = {
  readonly numbers: readonly AcceptedAs[];
  /** Says whether the messages were accepted. */
  readonly resolve: (isAccepted: boolean) => void;
};

/** What an isolate knows that no message which is certain to arrive says. */
export type Tail = {
  readonly isolate: string;
  readonly sure: number;
  readonly refused: readonly NumberRange[];
  /** The events whose rows would say it, or null if there are too many. */
  readonly event_ids: readonly string[] | null;
  /** Says that it is known by now. */
  readonly resolve: () => void;
};

/** Numbers the messages of one isolate to one shard. */
export type Numbering = {
  readonly take: (eventIds: readonly string[]) => TakenNumbers;
  /** Returns null if nothing is left to say. */
  readonly tail: () => Tail | null;
};

type Named = Numbering & { readonly isFull: () => boolean };

function createNamed(isolate: string, clock: () => number): Named {
  let last = 0;
  let sure = 0;
  let refused: readonly NumberRange[] = [];
  /** The highest `sure` that an accepted message carries, or that is known otherwise. */
  let carried = 0;
  const open = new Map<number, number>();
  /** Whether numbers above `sure` were accepted. */
  const resolved = new Map<number, boolean>();
  /** The events of accepted numbers above `carried`, and the highest number that it had no room for. */
  const tailEvents = new Map<number, string>();
  let leftOut = 0;

  function refuse(number: number): void {
    const previous = refused.at(-1);
    refused =
      previous !== undefined && previous[1] === number - 1
        ? [...refused.slice(0, -1), [previous[0], number]]
        : [...refused, [number, number]];
  }

  function advance(): void {
    for (let next = resolved.get(sure + 1); next !== undefined; next = resolved.get(sure + 1)) {
      sure += 1;
      resolved.delete(sure);
      if (!next) refuse(sure);
    }
  }

  function carry(through: number): void {
    if (through <= carried) return;
    carried = through;
    for (const number of tailEvents.keys()) if (number <= carried) tailEvents.delete(number);
  }

  function expire(): void {
    const before = clock() - MAX_OPEN_MS;
    for (const [number, since] of open) {
      if (since > before) break;
      open.delete(number);
      resolved.set(number, false);
    }
    advance();
  }

  function resolve(numbers: readonly AcceptedAs[], ids: readonly string[], isAccepted: boolean): void {
    for (const [index, { number, sure: known }] of numbers.entries()) {
      if (!open.delete(number)) continue;
      resolved.set(number, isAccepted);
      if (!isAccepted) continue;
      carry(known);
      const id = ids[index];
      if (tailEvents.size >= MAX_TAIL_EVENTS || id === undefined) leftOut = Math.max(leftOut, number);
      else tailEvents.set(number, id);
    }
    advance();
  }

  return {
    take(ids) {
      expire();
      const now = clock();
      const numbers = ids.map((): AcceptedAs => {
        last += 1;
        open.set(last, now);
        return { isolate, number: last, sure, ...(refused.length === 0 ? {} : { refused }) };
      });
      return { numbers, resolve: (isAccepted) => resolve(numbers, ids, isAccepted) };
    },
    tail() {
      expire();
      if (sure <= carried) return null;
      const through = sure;
      const event_ids = leftOut > carried ? null : [...tailEvents.values()];
      return { isolate, sure, refused, event_ids, resolve: () => carry(through) };
    },
    isFull: () => refused.length >= MAX_REFUSED_RANGES,
  };
}

/** Makes the numbering of one isolate for one shard. */
export function createNumbering(mint: IdMinter, clock: () => number): Numbering {
  const begin = (): Named => createNamed(mint("iso").id.slice(0, NAME_LENGTH), clock);
  let current: Named | null = null;
  return {
    take(ids) {
      if (current === null || current.isFull()) current = begin();
      return current.take(ids);
    },
    tail: () => current?.tail() ?? null,
  };
}

/** Returns the numbering for a shard. */
export type Numberings = (shard: number) => Numbering;

/** Makes the numberings of an isolate. */
export function createNumberings(mint: IdMinter, clock: () => number): Numberings {
  const known = new Map<number, Numbering>();
  return (shard) => {
    const found = known.get(shard) ?? createNumbering(mint, clock);
    known.set(shard, found);
    return found;
  };
}
