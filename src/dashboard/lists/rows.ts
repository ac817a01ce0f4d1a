type Identified = { readonly id: string };

/** The rows to show: those taken from polls, then those of the pages, each once and as the newest poll knows it. */
export function joinRows<Row extends Identified>(
  head: readonly Row[],
  pages: readonly (readonly Row[])[],
  latest: readonly Row[],
): readonly Row[] {
  const current = new Map(latest.map((row) => [row.id, row]));
  const rows = new Map<string, Row>();
  for (const row of [head, ...pages].flat()) if (!rows.has(row.id)) rows.set(row.id, current.get(row.id) ?? row);
  return [...rows.values()];
}

/** The rows of the newest poll that are not shown yet. */
export function selectFresh<Row extends Identified>(shown: readonly Row[], latest: readonly Row[]): readonly Row[] {
  const known = new Set(shown.map((row) => row.id));
  return latest.filter((row) => !known.has(row.id));
}
