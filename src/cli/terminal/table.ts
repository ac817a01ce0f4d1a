import { type Tone, paint } from "./paint.ts";
import { cut, fit, oneLine, widthOf } from "./text.ts";

export type Column<T> = {
  readonly title: string;
  readonly value: (row: T) => string;
  readonly tone?: (row: T) => Tone | null;
  /** The column shrinks to this width before others are left out. Without it, the column is never cut. */
  readonly min?: number;
  /** Columns with a higher number are left out first if the table is too wide. Without it, the column stays. */
  readonly leave?: number;
};

const GAP = "  ";

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

type Sized<T> = { readonly column: Column<T>; readonly width: number };

function totalOf(sized: readonly { readonly width: number }[]): number {
  return sum(sized.map(({ width }) => width)) + GAP.length * Math.max(0, sized.length - 1);
}

/** Shrinks the widest column that can be shrunk, step by step. */
function shrink<T>(sized: readonly Sized<T>[], room: number): readonly Sized<T>[] {
  let excess = totalOf(sized) - room;
  const widths = sized.map(({ width }) => width);
  while (excess > 0) {
    let widest = -1;
    for (const [index, { column }] of sized.entries()) {
      const width = widths[index] ?? 0;
      if (column.min !== undefined && width > column.min && width > (widths[widest] ?? 0)) widest = index;
    }
    if (widest === -1) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
  return sized.map(({ column }, index) => ({ column, width: widths[index] ?? 0 }));
}

function layOut<T>(sized: readonly Sized<T>[], room: number): readonly Sized<T>[] {
  const shrunk = shrink(sized, room);
  if (totalOf(shrunk) <= room) return shrunk;
  const least = Math.max(...sized.map(({ column }) => column.leave ?? 0));
  // What cannot be made narrower is wrapped by the terminal: an id that is cut is of no use.
  return least === 0
    ? shrunk
    : layOut(
        sized.filter(({ column }) => (column.leave ?? 0) < least),
        room,
      );
}

/** A table that can grow: later rows take at least the widths of earlier ones. */
export class Table<T> {
  readonly #columns: readonly Column<T>[];
  readonly #widths: Map<Column<T>, number>;
  #hasTitles = false;

  constructor(columns: readonly Column<T>[]) {
    this.#columns = columns;
    this.#widths = new Map(columns.map((column) => [column, widthOf(column.title)]));
  }

  /** The lines of more rows, below the titles the first time. They are at most `room` columns wide if the columns allow it. */
  lines(rows: readonly T[], room: number): string[] {
    const cells = new Map(this.#columns.map((column) => [column, rows.map((row) => oneLine(column.value(row)))]));
    for (const [column, texts] of cells) {
      this.#widths.set(column, Math.max(this.#widths.get(column) ?? 0, ...texts.map(widthOf)));
    }
    const sized = this.#columns.map((column) => ({ column, width: this.#widths.get(column) ?? 0 }));
    const shown = layOut(sized, room);
    const titles = this.#hasTitles ? [] : [lineOf(shown, ({ title }) => [title, "faint"])];
    this.#hasTitles = true;
    return [
      ...titles,
      ...rows.map((row, index) =>
        lineOf(shown, (column) => [cells.get(column)?.[index] ?? "", column.tone?.(row) ?? null]),
      ),
    ];
  }
}

function lineOf<T>(shown: readonly Sized<T>[], cellOf: (column: Column<T>) => readonly [string, Tone | null]): string {
  const cells = shown.map(({ column, width }, index) => {
    const [text, tone] = cellOf(column);
    return paint(tone, index === shown.length - 1 ? cut(text, width) : fit(text, width));
  });
  return cells.join(GAP).trimEnd();
}
