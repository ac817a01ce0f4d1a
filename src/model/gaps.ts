import type { ArrivedNumbers, NumberRange } from "./acceptance.ts";
import { timeOf } from "./ids.ts";

// Finds numbers of messages that did not arrive. The state has, for each isolate, the numbers that are missing below the highest
// one that is known. It only depends on which numbers arrived, not on how often or in which order.

/** Numbers of an isolate that have not arrived. Only those through the isolate's `sure` are known to be accepted. */
export type Hole = {
  readonly first: number;
  readonly last: number;
  /** The times of messages before and after it, in ms since 1970. */
  readonly after_ms: number;
  readonly before_ms: number;
  readonly noticed_ms: number;
  /** Set once it is old enough to be reported. */
  readonly is_reported?: true;
};

type IsolateNumbers = {
  /** The highest number that is known. Below it, each number has arrived, was refused, or is in a hole. */
  readonly through: number;
  readonly sure: number;
  /** The time of its latest message, in ms since 1970. */
  readonly at_ms: number;
  readonly holes: readonly Hole[];
};

export type GapState = {
  readonly isolates: Readonly<Record<string, IsolateNumbers>>;
  /** The latest message of an isolate that was forgotten, in ms since 1970. */
  readonly forgotten_ms: number;
};

export const NO_GAPS: GapState = { isolates: {}, forgotten_ms: 0 };

/** Accepted messages of an isolate that did not arrive. */
export type Gap = {
  readonly isolate: string;
  /** ISO times between which they were accepted. */
  readonly from: string;
  readonly to: string;
  readonly count: number;
};

/** A hole is reported after this long, in ms: queues deliver late, and retries take time. */
const REPORT_AFTER_MS = 3_600_000;
/** An isolate with nothing missing is forgotten after this long without a message, in ms. */
const FORGET_AFTER_MS = 86_400_000;
export const MAX_ISOLATES = 500;
/** The holes that are kept of an isolate: the newest ones. */
export const MAX_HOLES = 20;

function ascending(a: number, b: number): number {
  return a - b;
}

/** Returns sorted ranges without overlaps. */
function toRanges(numbers: readonly number[], refused: readonly NumberRange[]): NumberRange[] {
  const ranges: NumberRange[] = [];
  const all = [...numbers.map((number): NumberRange => [number, number]), ...refused];
  for (const [first, last] of all.toSorted((a, b) => ascending(a[0], b[0]))) {
    const previous = ranges.at(-1);
    if (previous !== undefined && first <= previous[1] + 1) {
      ranges[ranges.length - 1] = [previous[0], Math.max(previous[1], last)];
    } else {
      ranges.push([first, last]);
    }
  }
  return ranges;
}

/** Returns what is left of a hole without the numbers in sorted ranges. */
function cut(hole: Hole, ranges: readonly NumberRange[]): Hole[] {
  const left: Hole[] = [];
  let next = hole.first;
  for (const [first, last] of ranges) {
    if (first > hole.last) break;
    if (last < next) continue;
    if (first > next) left.push({ ...hole, first: next, last: first - 1 });
    next = last + 1;
  }
  if (next <= hole.last) left.push({ ...hole, first: next });
  return left;
}

/** Returns the numbers of each isolate together. */
function byIsolate(arrived: readonly ArrivedNumbers[]): Map<string, ArrivedNumbers[]> {
  const groups = new Map<string, ArrivedNumbers[]>();
  for (const each of arrived) {
    const group = groups.get(each.isolate);
    if (group === undefined) groups.set(each.isolate, [each]);
    else group.push(each);
  }
  return groups;
}

function maxOf(values: readonly number[], least = 0): number {
  return values.reduce((most, value) => Math.max(most, value), least);
}

function addToIsolate(known: IsolateNumbers, arrived: readonly ArrivedNumbers[], nowMs: number): IsolateNumbers {
  const numbers = arrived.flatMap((each) => each.numbers);
  const sure = maxOf(
    arrived.map((each) => each.sure),
    known.sure,
  );
  const through = Math.max(maxOf(numbers, known.through), sure);
  const at_ms = maxOf(
    arrived.map((each) => each.at_ms),
    known.at_ms,
  );
  const ranges = toRanges(
    numbers,
    arrived.flatMap((each) => each.refused),
  );
  const isNew = through > known.through;
  const fresh: Hole = {
    first: known.through + 1,
    last: through,
    after_ms: known.at_ms,
    before_ms: at_ms,
    noticed_ms: nowMs,
  };
  const holes = [...known.holes, ...(isNew ? [fresh] : [])].flatMap((hole) => cut(hole, ranges));
  return { through, sure, at_ms, holes: holes.slice(-MAX_HOLES) };
}

/** Returns what is assumed of an isolate before its first message arrives. */
function unknownIsolate(name: string, arrived: readonly ArrivedNumbers[], forgottenMs: number): IsolateNumbers {
  const at_ms = timeOf(name);
  // One that may have been forgotten: nothing is known of its numbers so far.
  const through = at_ms <= forgottenMs ? maxOf(arrived.flatMap((each) => [...each.numbers, each.sure])) : 0;
  return { through, sure: 0, at_ms, holes: [] };
}

function isMissing({ first }: Hole, { sure }: IsolateNumbers): boolean {
  return first <= sure;
}

function hasMissing(isolate: IsolateNumbers): boolean {
  return isolate.holes.some((hole) => isMissing(hole, isolate));
}

/** Adds numbers that arrived. Adding them again, or in another order, comes to the same holes. */
export function addNumbers(state: GapState, arrived: readonly ArrivedNumbers[], nowMs: number): GapState {
  const isolates = { ...state.isolates };
  for (const [name, own] of byIsolate(arrived)) {
    const known = isolates[name] ?? unknownIsolate(name, own, state.forgotten_ms);
    isolates[name] = addToIsolate(known, own, nowMs);
  }
  return { ...state, isolates };
}

/** Marks holes that are old enough as reported. Returns the same state if there is none. */
export function reportHoles(state: GapState, nowMs: number): GapState {
  const isDue = (hole: Hole, isolate: IsolateNumbers): boolean =>
    hole.is_reported !== true && isMissing(hole, isolate) && hole.noticed_ms <= nowMs - REPORT_AFTER_MS;
  const all = Object.entries(state.isolates);
  const due = all.filter(([, isolate]) => isolate.holes.some((hole) => isDue(hole, isolate)));
  if (due.length === 0) return state;
  const marked = due.map(([name, isolate]): [string, IsolateNumbers] => {
    const holes = isolate.holes.map((hole): Hole => (isDue(hole, isolate) ? { ...hole, is_reported: true } : hole));
    return [name, { ...isolate, holes }];
  });
  return { ...state, isolates: { ...state.isolates, ...Object.fromEntries(marked) } };
}

/** Drops holes that are older than the retention. Returns the same isolate if there is none. */
function withoutOldHoles(isolate: IsolateNumbers, beforeMs: number): IsolateNumbers {
  const holes = isolate.holes.filter(({ before_ms }) => before_ms > beforeMs);
  return holes.length === isolate.holes.length ? isolate : { ...isolate, holes };
}

/**
 * Forgets holes that are older than `retentionMs`, isolates without a message for a day, and the longest silent ones above
 * `MAX_ISOLATES`. Returns the same state if there is none.
 */
export function forgetIsolates(state: GapState, nowMs: number, retentionMs: number): GapState {
  const all = Object.entries(state.isolates).map(([name, before]) => {
    const isolate = withoutOldHoles(before, nowMs - Math.max(retentionMs, FORGET_AFTER_MS));
    return { name, isolate, isChanged: isolate !== before, missing: hasMissing(isolate) };
  });
  const kept = all
    .filter(({ isolate, missing }) => missing || isolate.at_ms > nowMs - FORGET_AFTER_MS)
    .toSorted((a, b) => ascending(Number(b.missing), Number(a.missing)) || ascending(b.isolate.at_ms, a.isolate.at_ms))
    .slice(0, MAX_ISOLATES);
  if (kept.length === all.length && !all.some(({ isChanged }) => isChanged)) return state;
  const names = new Set(kept.map(({ name }) => name));
  const forgotten = all.filter(({ name }) => !names.has(name)).map(({ isolate }) => isolate.at_ms);
  return {
    isolates: Object.fromEntries(kept.map(({ name, isolate }) => [name, isolate])),
    forgotten_ms: maxOf(forgotten, state.forgotten_ms),
  };
}

/** Returns the gaps that are reported. */
export function reportedGaps({ isolates }: GapState): Gap[] {
  return Object.entries(isolates).flatMap(([name, isolate]) =>
    isolate.holes
      .filter((hole) => hole.is_reported === true && isMissing(hole, isolate))
      .map(({ first, last, after_ms, before_ms }) => ({
        isolate: name,
        from: new Date(after_ms).toISOString(),
        to: new Date(before_ms).toISOString(),
        count: Math.min(last, isolate.sure) - first + 1,
      })),
  );
}
