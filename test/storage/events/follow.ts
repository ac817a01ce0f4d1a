import { expect } from "vitest";
import type { ListedPage } from "../../../src/storage/events/log.ts";
import type { PageQuery } from "../../../src/storage/tables.ts";

type Row = { readonly id: string };

/** More rows than any list here has. */
export const PLENTY = 10_000;

/**
 * Follows a list to its end. After each page, all matches at or above its `next` must have been shown. A page that may scan
 * everything must be full.
 */
export async function follow(
  { limit, most }: { readonly limit: number; readonly most: number },
  expected: readonly string[],
  list: (page: PageQuery) => Promise<ListedPage<Row>>,
): Promise<string[]> {
  const shown: string[] = [];
  let before: string | null = null;
  do {
    const { rows, next }: ListedPage<Row> = await list({ limit, before });
    expect(rows.length).toBeLessThanOrEqual(limit);
    shown.push(...rows.map(({ id }) => id));
    if (most === PLENTY) {
      expect(rows.length === limit || next === null).toBe(true);
      expect(next === null).toBe(shown.length === expected.length);
    }
    if (next !== null) {
      expect(next, "the API reads it as a cursor").toMatch(/^(evt|dlv|alr)_[0-9A-Za-z]{1,60}$/);
      expect(before === null || next < before).toBe(true);
      expect(shown).toEqual(expected.filter((id) => id >= next));
    }
    before = next;
  } while (before !== null);
  return shown;
}
