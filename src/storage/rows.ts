import { parseExactAs } from "../model/exact-json.ts";

/** A row as D1 returns it, before its columns are checked. */
export type Row = Readonly<Record<string, unknown>>;

function mismatch(column: string, wanted: string): never {
  throw new Error(`Column ${column} does not hold ${wanted}.`);
}

/** Returns a text column. Throws if it holds anything else, because code and schema then disagree. */
export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : mismatch(column, "text");
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

/** Returns a numeric column. Throws if it holds anything else. */
export function integer(row: Row, column: string): number {
  const value = row[column];
  return typeof value === "number" ? value : mismatch(column, "a number");
}

export function integerOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : integer(row, column);
}

/** Returns a text column that holds one of `words`. Throws if it holds anything else. */
export function oneOf<T extends string>(row: Row, column: string, words: readonly T[]): T {
  const value = text(row, column);
  return words.find((word) => word === value) ?? mismatch(column, `one of ${words.join(", ")}`);
}

/** Returns a text column that holds one of `words`, or null if the column is NULL. Throws if it holds anything else. */
export function oneOfOrNull<T extends string>(row: Row, column: string, words: readonly T[]): T | null {
  return row[column] === null ? null : oneOf(row, column, words);
}

/**
 * Returns what a JSON column holds, as the type that the caller names. The shape is trusted and not checked: only this code
 * writes these columns, from values of that type, and a check of each row would cost more than the read.
 */
export function fromColumn<T>(row: Row, column: string): T {
  // A payload or a filter may hold ids of 64 bits.
  return parseExactAs<T>(text(row, column));
}

/** Returns what a JSON column holds, or null if the column is NULL. The shape is trusted, as in `fromColumn`. */
export function fromColumnOrNull<T>(row: Row, column: string): T | null {
  return row[column] === null ? null : fromColumn<T>(row, column);
}
