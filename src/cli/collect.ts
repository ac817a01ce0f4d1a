import type { JsonObject } from "../client/index.ts";
import type { Page, Query } from "./api.ts";
import { isAbort } from "./failure.ts";
import type { ListFlags } from "./flags.ts";
import type { Session } from "./session.ts";

const DEFAULT_LIMIT = 50;
const MAX_PAGE = 250;

export type Collected = Page & { readonly isInterrupted: boolean };

/**
 * Reads as many rows of a list as the flags say. Pages may be short or empty before the last one. If the command is
 * interrupted, it returns what it has read, with the cursor for the rest.
 */
export async function collectRows(
  { api, out, interrupt }: Session,
  path: string,
  query: Query,
  flags: ListFlags,
  params: Readonly<Record<string, string>> = {},
): Promise<Collected> {
  const limit = flags.all === true ? Number.POSITIVE_INFINITY : (flags.limit ?? DEFAULT_LIMIT);
  const data: JsonObject[] = [];
  let cursor = flags.cursor ?? null;
  const total = Number.isFinite(limit) ? limit : null;
  const progress = out.progress("Reading:");
  try {
    do {
      const size = Math.min(MAX_PAGE, limit - data.length);
      const page = await api.page(path, { ...query, limit: size, ...(cursor === null ? {} : { cursor }) }, params);
      data.push(...page.data);
      cursor = page.next_cursor;
      if (cursor !== null && data.length < limit) progress.show(data.length, total, "Ctrl+C shows what there is");
    } while (cursor !== null && data.length < limit && !interrupt.happened());
  } catch (error) {
    if (!isAbort(error) || data.length === 0) throw error;
  } finally {
    progress.clear();
  }
  return { data, next_cursor: cursor, isInterrupted: interrupt.happened() };
}
