/** A row as D1 gives it, its columns not yet looked at. */
export type Row = Readonly<Record<string, unknown>>;

function mismatch(column: string, wanted: string): never {
  throw new Error(`Column ${column} does not hold ${wanted}.`);
}

/** A text column; throws where it holds anything else, for then code and schema disagree. */
export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : mismatch(column, "text");
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  return typeof value === "number" ? value : mismatch(column, "a number");
}

export function integerOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : integer(row, column);
}

/** One of a closed list of words. */
export function oneOf<T extends string>(row: Row, column: string, words: readonly T[]): T {
  const value = text(row, column);
  return words.find((word) => word === value) ?? mismatch(column, `one of ${words.join(", ")}`);
}
