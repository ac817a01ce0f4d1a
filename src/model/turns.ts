/**
 * Returns items in turns: the first of each group, then the second of each, and so on. So one group cannot make the others
 * wait. The items of a group stay in order.
 */
export function takeTurns<T>(items: readonly T[], groupOf: (item: T) => string): T[] {
  const groups = [...Map.groupBy(items, groupOf).values()];
  const turns = Math.max(0, ...groups.map((group) => group.length));
  return Array.from({ length: turns }, (_, turn) => groups.flatMap((group) => group.slice(turn, turn + 1))).flat();
}
