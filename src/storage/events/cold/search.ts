import type { EventStores } from "../../../platform/shards.ts";
import type { ListedPage } from "../../pages.ts";
import { type Row, text } from "../../rows.ts";
import type { SegmentHead } from "../../segments/heads.ts";
import { readHeads, readRows } from "../../segments/reader.ts";
import { type Segment, readSegments } from "../../segments/segment-rows.ts";
import { positionAbove } from "../cursor.ts";
import { inRounds, orLeaveOut } from "./rounds.ts";

// Lists over the segments of a shard, newest first. Ranges of segments may overlap, because an event that was pending for long
// moves late. So an event is listed once no unread segment can have a newer one.

/** A list of events in segments. */
export type ColdSearch = {
  /** The id below which events are listed, and the lowest one. */
  readonly start: string;
  readonly floor: string;
  readonly wanted: number;
  /** The long columns of the page have about this many characters at most. */
  readonly max_characters: number;
  /** Whether a segment can have matches, by what its row says. */
  readonly canMatch: (segment: Segment) => boolean;
  readonly matches: (head: SegmentHead) => boolean;
  /** Whether a row matches, or `later` if this page may not compare more; null if its head says it all. */
  readonly compare: ((row: Row) => Promise<boolean | "later">) | null;
  /** Whether rows are wanted with all columns, or only `id` and `integration_id`, which need no block. */
  readonly columns: "all" | "ids";
};

/** The segments that the first query returns, and each later one. A page ends after the second. */
const FIRST_SEGMENTS = 40;
const MORE_SEGMENTS = 400;
/** The objects of R2 that a page reads from, twice each at most, and the rows that it compares at a time. */
const MAX_READS = 5;
const COMPARED_ROWS = 64;

type Found = { readonly head: SegmentHead; readonly segment: Segment };

function lengthOf({ content, alert, deliveries }: Row): number {
  return [content, alert, deliveries].reduce<number>(
    (sum, each) => sum + (typeof each === "string" ? each.length : 0),
    0,
  );
}

class ColdPage {
  readonly rows: Row[] = [];
  readonly #stores: EventStores;
  readonly #what: ColdSearch;
  readonly #isLast: boolean;
  readonly #leftOut = new Set<Segment>();
  #reads = 0;
  #characters = 0;
  #found: Found[] = [];

  /** `isLast`: what cannot be read is left out, because it will not be there on another try either. */
  constructor(stores: EventStores, what: ColdSearch, isLast: boolean) {
    this.#stores = stores;
    this.#what = what;
    this.#isLast = isLast;
  }

  /** Whether the page has done its share of work. */
  get isDone(): boolean {
    return this.#reads >= MAX_READS || this.#characters >= this.#what.max_characters;
  }

  /** Finds the matches of a segment by their heads. */
  async add(segment: Segment): Promise<void> {
    const { start, floor, matches } = this.#what;
    this.#reads += 1;
    for (const head of await this.#orLeaveOut(segment, () => readHeads(this.#stores.bodies, segment))) {
      if (head.id < start && head.id >= floor && matches(head)) this.#found.push({ head, segment });
    }
  }

  async #orLeaveOut<T>(segment: Segment, read: () => Promise<readonly T[]>): Promise<readonly T[]> {
    const found = await orLeaveOut(segment, this.#isLast, read);
    if (found === null) this.#leftOut.add(segment);
    return found ?? [];
  }

  /** Lists what was found above a position, newest first. Returns where the page ends if it is full or has done its share. */
  async list(above: string): Promise<string | null> {
    const ready = this.#found
      .filter(({ head }) => head.id > above)
      .toSorted((a, b) => (a.head.id < b.head.id ? 1 : -1));
    this.#found = this.#found.filter(({ head }) => head.id <= above);
    const { compare, wanted } = this.#what;
    for (let left = ready; left.length > 0;) {
      const part = left.slice(0, compare === null ? wanted - this.rows.length : COMPARED_ROWS);
      left = left.slice(part.length);
      const end = await this.#listRows(part);
      if (end !== null) return end;
      const last = part.at(-1);
      if (left.length > 0 && last !== undefined && this.isDone) return last.head.id;
    }
    return null;
  }

  async #listRows(found: readonly Found[]): Promise<string | null> {
    const { wanted, compare, max_characters } = this.#what;
    const read = await this.#read(found);
    let passed: string | null = null;
    for (const { head, segment } of found) {
      if (this.#leftOut.has(segment)) {
        passed = head.id;
        continue;
      }
      const row = read.get(head.id);
      const isMatch = row === undefined ? "later" : compare === null || (await compare(row));
      if (row === undefined || isMatch === "later") return passed ?? positionAbove(head.id);
      passed = head.id;
      this.#characters += lengthOf(row);
      if (isMatch) this.rows.push(row);
      if (this.rows.length === wanted || this.#characters >= max_characters) return passed;
    }
    return null;
  }

  /** Reads rows, those of a segment together. The newest one is always among them, so that every page gets further. */
  async #read(found: readonly Found[]): Promise<ReadonlyMap<string, Row>> {
    const rows = new Map<string, Row>();
    if (this.#what.columns === "ids") {
      for (const { head } of found) rows.set(head.id, { id: head.id, integration_id: head.integration_id });
      return rows;
    }
    for (const [segment, own] of Map.groupBy(found, (each) => each.segment)) {
      if (rows.size > 0 && this.isDone) break;
      this.#reads += 1;
      const ids = own.map(({ head }) => head.id);
      const read = await this.#orLeaveOut(segment, () => readRows(this.#stores.bodies, segment, ids));
      for (const row of read) rows.set(text(row, "id"), row);
    }
    return rows;
  }
}

/** The begin of a segment's id is that of its last event's id: the time, and what counts within a millisecond. */
const COMMON = [4, 16] as const;
const HIGHEST_RANDOM = "z".repeat(16);

/** Returns an id that no event of a segment exceeds, nor one of the segments below it in their list. */
function highestOf({ id }: Segment): string {
  return `evt_${id.slice(...COMMON)}${HIGHEST_RANDOM}`;
}

/** Returns a page of events in segments. It may be short, or empty, and still have a `next`. */
export async function searchCold(stores: EventStores, what: ColdSearch): Promise<ListedPage<Row>> {
  return await inRounds((isLast) => readPage(stores, what, isLast));
}

async function readPage(stores: EventStores, what: ColdSearch, isLast: boolean): Promise<ListedPage<Row>> {
  const { start, floor, canMatch } = what;
  const page = new ColdPage(stores, what, isLast);
  let before = "~";
  for (let size = FIRST_SEGMENTS; ; size = MORE_SEGMENTS) {
    const segments = await readSegments(stores.shard.db, { from: floor, below: start }, before, size);
    const last = segments.at(-1);
    const boundary = last === undefined || segments.length < size ? null : highestOf(last);
    for (const [index, segment] of segments.entries()) {
      if (canMatch(segment)) await page.add(segment);
      const next = segments[index + 1];
      // No segment that was not read has an event above this.
      const above = next === undefined ? boundary : highestOf(next);
      if (above !== null && above >= start) continue;
      const end = await page.list(above ?? "");
      if (end !== null) return { rows: page.rows, next: end };
      if (above !== null && page.isDone) return { rows: page.rows, next: positionAbove(above) };
    }
    if (last === undefined || boundary === null) return { rows: page.rows, next: null };
    if (size === MORE_SEGMENTS && boundary < start) return { rows: page.rows, next: positionAbove(boundary) };
    before = last.id;
  }
}
