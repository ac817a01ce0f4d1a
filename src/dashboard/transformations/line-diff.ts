/** A line of a comparison: in both texts, only in the one before, or only in the one after. */
export type DiffLine = { readonly mark: " " | "-" | "+"; readonly text: string };

/** The pairs of lines that are compared. Beyond it, everything between the equal ends counts as replaced. */
const MAX_PAIRS = 1_000_000;

function linesOf(text: string): readonly string[] {
  return text.replace(/\n$/u, "").split("\n");
}

/** The lengths of the longest common parts of the rests of two lists, from each pair of places. */
function lengthsOf(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let one = before.length - 1; one >= 0; one--) {
    for (let other = after.length - 1; other >= 0; other--) {
      const at = one * width + other;
      lengths[at] =
        before[one] === after[other]
          ? (lengths[at + width + 1] ?? 0) + 1
          : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0);
    }
  }
  return lengths;
}

function compareMiddle(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const removed = before.map((text): DiffLine => ({ mark: "-", text }));
  const added = after.map((text): DiffLine => ({ mark: "+", text }));
  if (before.length * after.length > MAX_PAIRS) return [...removed, ...added];
  const lengths = lengthsOf(before, after);
  const width = after.length + 1;
  const lines: DiffLine[] = [];
  let one = 0;
  let other = 0;
  while (one < before.length || other < after.length) {
    const [left, right] = [before[one], after[other]];
    const at = one * width + other;
    if (left !== undefined && left === right) {
      lines.push({ mark: " ", text: left });
      one += 1;
      other += 1;
    } else if (left !== undefined && (right === undefined || (lengths[at + width] ?? 0) >= (lengths[at + 1] ?? 0))) {
      lines.push({ mark: "-", text: left });
      one += 1;
    } else {
      lines.push({ mark: "+", text: right ?? "" });
      other += 1;
    }
  }
  return lines;
}

/** Compares two texts line by line. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old[old.length - 1 - end] === now[now.length - 1 - end]) {
    end += 1;
  }
  const same = (text: string): DiffLine => ({ mark: " ", text });
  return [
    ...old.slice(0, start).map(same),
    ...compareMiddle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...old.slice(old.length - end).map(same),
  ];
}
