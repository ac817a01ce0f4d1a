import type { Needle } from "../model/text-match.ts";
import type { ShardDatabase } from "../platform/shards.ts";
import { type Row, fromColumn, integer, text, textOrNull } from "./rows.ts";
import { type Condition, type SearchResult, anyOf } from "./search.ts";

// Rows whose texts contain a text. D1 leaves out most of the rows that do not; the others are read and compared here, because
// SQLite knows neither case beyond ASCII nor the escapes of JSON.

/** A table with ids and texts. */
export type TextSource = {
  readonly table: "events" | "alerts";
  /** The table with `INDEXED BY` if its rows are found through an index. */
  readonly from: string;
  /** The columns with the texts. */
  readonly columns: readonly string[];
  /** Bounds the rows that are scanned, by id. */
  readonly among: Condition;
  /** Holds for the rows that are compared. */
  readonly matching: Condition;
  /** SQL for rows whose text is stored elsewhere, so that D1 cannot compare it; "false" if there are none. */
  readonly apart: string;
  /** Whether a row contains the text, or `later` if this page may not read more of those that are stored elsewhere. */
  readonly compare: (row: Row) => Promise<boolean | "later">;
};

/** The rows that the first query scans, and the bytes of text that later ones do. */
const FIRST_STEP_ROWS = 200;
const MAX_STEP_ROWS = 3_000;
const STEP_BYTES = 16_000_000;
/** The bytes of text that one page compares, and that one query returns. */
const MAX_COMPARED_BYTES = 6_000_000;
const CHUNK_BYTES = 3_000_000;
/** A row that is compared is read by its id, which is a row read of the list of ids, too. */
const READS_OF_CANDIDATE = 2;

type Candidate = readonly [id: string, bytes: number];
type Window = {
  readonly candidates: readonly Candidate[];
  readonly last: string | null;
  readonly seen: number;
  readonly bytes: number;
};

function windowQuery({ from, columns, among, matching, apart }: TextSource, { ascii }: Needle): Condition {
  const bytes = columns.map((column) => `COALESCE(OCTET_LENGTH(${column}), 0)`).join(" + ");
  const likely =
    ascii === "" ? "true" : `(${columns.map((column) => `instr(lower(${column}), ?) > 0`).join(" OR ")} OR ${apart})`;
  const sql = `
    SELECT MIN(id) AS last, COUNT(*) AS seen, COALESCE(SUM(bytes), 0) AS bytes,
      json_group_array(json_array(id, bytes)) FILTER (WHERE is_candidate) AS candidates
    FROM (
      SELECT id, ${bytes} AS bytes, ${matching.sql} AND ${likely} AS is_candidate FROM ${from}
      WHERE id < ? AND ${among.sql} ORDER BY id DESC LIMIT ?)`;
  return { sql, values: [...matching.values, ...(ascii === "" ? [] : columns.map(() => ascii))] };
}

function parseWindow(row: Row): Window {
  const candidates = fromColumn<readonly Candidate[]>(row, "candidates");
  return {
    candidates: candidates.toSorted(([a], [b]) => (a < b ? 1 : -1)),
    last: textOrNull(row, "last"),
    seen: integer(row, "seen"),
    bytes: integer(row, "bytes"),
  };
}

/** Yields rows newest first, few at a time. */
async function* readCandidates(
  db: ShardDatabase,
  { table, columns }: TextSource,
  candidates: readonly Candidate[],
): AsyncGenerator<readonly [Row, number]> {
  let left = candidates;
  while (left.length > 0) {
    let bytes = 0;
    const end = left.findIndex(([, size]) => (bytes += size) > CHUNK_BYTES);
    const chunk = end < 0 ? left : left.slice(0, Math.max(1, end));
    left = left.slice(chunk.length);
    const { sql, values } = anyOf(chunk.map(([id]) => id));
    const { results } = await db
      .prepare(`SELECT id, ${columns.join(", ")} FROM ${table} WHERE ${sql} ORDER BY id DESC`)
      .bind(...values)
      .all<Row>();
    const sizes = new Map(chunk);
    for (const row of results) yield [row, sizes.get(text(row, "id")) ?? 0];
  }
}

/**
 * Returns the ids of the newest `wanted` rows below `start` that contain the text, or fewer: a page scans at most `maxRows` rows
 * and compares a bounded number of bytes.
 */
export async function searchText(
  db: ShardDatabase,
  source: TextSource,
  needle: Needle,
  start: string,
  wanted: number,
  maxRows: number,
): Promise<SearchResult> {
  const query = windowQuery(source, needle);
  const ids: string[] = [];
  let next = start;
  let scanned = 0;
  let compared = 0;
  let step = FIRST_STEP_ROWS;
  while (scanned < maxRows && compared < MAX_COMPARED_BYTES) {
    const limit = Math.min(step, maxRows - scanned);
    const row = await db
      .prepare(query.sql)
      .bind(...query.values, next, ...source.among.values, limit)
      .first<Row>();
    if (row === null) throw new Error("An aggregate query returned no row.");
    const { candidates, last, seen, bytes } = parseWindow(row);
    for await (const [candidate, size] of readCandidates(db, source, candidates)) {
      const isMatch = await source.compare(candidate);
      if (isMatch === "later") return { ids, next, scanned };
      next = text(candidate, "id");
      compared += size;
      if (isMatch) ids.push(next);
      if (ids.length >= wanted || compared >= MAX_COMPARED_BYTES) return { ids, next, scanned };
    }
    if (last === null || seen < limit) return { ids, next: null, scanned };
    next = last;
    scanned += seen + candidates.length * READS_OF_CANDIDATE;
    const average = Math.max(1, bytes / seen);
    step = Math.max(1, Math.min(MAX_STEP_ROWS, Math.floor(STEP_BYTES / average)));
  }
  return { ids, next, scanned };
}
