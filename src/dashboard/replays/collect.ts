import type { ReadPage } from "../lists/use-live-list.ts";
import { MAX_IDS } from "./scope.ts";

type CollectOptions<Row> = {
  readonly readPage: ReadPage<Row>;
  readonly isWanted: (row: Row) => boolean;
  readonly signal: AbortSignal;
  /** Called after each page with the number of wanted rows until then. */
  readonly onFound: (count: number) => void;
};

/** The ids of wanted rows. `isWhole` is false if the list has more of them. */
type Collected = { readonly ids: readonly string[]; readonly isWhole: boolean };

/** Reads a list, newest first, until its end or until it has as many wanted rows as a replay can name. */
export async function collectIds<Row extends { readonly id: string }>(
  { readPage, isWanted, signal, onFound }: CollectOptions<Row>,
  max = MAX_IDS,
): Promise<Collected> {
  const ids = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await readPage(cursor, signal);
    for (const { id } of page.data.filter(isWanted)) {
      if (ids.size === max && !ids.has(id)) return { ids: [...ids], isWhole: false };
      ids.add(id);
    }
    onFound(ids.size);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return { ids: [...ids], isWhole: true };
}
