import * as z from "zod/mini";
import type { PageQuery } from "../storage/tables.ts";
import { answerSchema, documentedAs, parameterSchema } from "./schema.ts";

const DEFAULT_LIMIT = 50;
const MAX_ROWS = 250;
const MAX_CURSOR = 1_500;
const NO_CURSOR = "is not a cursor of this list";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

function decodeCursor(text: string): string {
  try {
    return decoder.decode(Uint8Array.fromBase64(text, { alphabet: "base64url" }));
  } catch {
    return "";
  }
}

/** Returns the text of a cursor. */
export function encodeSlot(slot: string): string {
  return encoder.encode(slot).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** The parameter `limit` of a list: a whole number from 1. */
export function limitUpTo(maximum: number, usual: number) {
  const message = `must be a whole number from 1 to ${maximum}`;
  const limit = z
    .pipe(z.string().check(z.regex(/^\d{1,9}$/, message)), z.transform(Number))
    .check(z.refine((value) => value >= 1 && value <= maximum, message));
  return documentedAs(z._default(limit, usual), { type: "integer", minimum: 1, maximum, default: usual });
}

const limit = parameterSchema("Limit", limitUpTo(MAX_ROWS, DEFAULT_LIMIT));

/** A cursor, as the position that it stands for. `ids`: the prefix of the list's ids, or the form of what its cursors hold. */
export function cursorOf(ids: string | RegExp) {
  const form = typeof ids === "string" ? new RegExp(`^${ids}_[0-9A-Za-z]{1,60}$`) : ids;
  return z
    .pipe(z.string().check(z.maxLength(MAX_CURSOR, NO_CURSOR)), z.transform(decodeCursor))
    .check(z.refine((text) => form.test(text), NO_CURSOR));
}

/** The parameters of every list. `ids`: as for `cursorOf`. */
export function pageQuery(ids: string | RegExp) {
  return { limit, cursor: parameterSchema("Cursor", z.optional(cursorOf(ids))) };
}

/** The page that the parameters of a list ask for. */
export function toPage({
  limit: rows,
  cursor,
}: {
  readonly limit: number;
  readonly cursor?: string | undefined;
}): PageQuery {
  return { limit: rows, before: cursor ?? null };
}

/** A filter by an id. An id that does not exist matches no rows. */
export const idFilter = z.optional(z.string().check(z.maxLength(100)));

/** For the descriptions of lists whose pages are bounded by the work that they need. */
export const FILTERED =
  "A page reads a bounded number of rows: with a filter that few rows match, a page may be short or empty and still have a `next_cursor`.";

/** A page of rows. */
export function pageOf<Row extends z.ZodMiniType>(name: string, row: Row) {
  return answerSchema(
    name,
    z.strictObject({
      data: z.array(row),
      next_cursor: z
        .nullable(z.string())
        .check(z.describe("Null on the last page only; earlier pages may be short or empty.")),
    }),
  );
}

type PageResponse<View> = {
  readonly status: 200;
  readonly body: { readonly data: readonly View[]; readonly next_cursor: string | null };
};

/** Returns a page. `rows` has one row more than the limit if there are more. */
export function pageResponse<Row extends { readonly id: string }, View>(
  rows: readonly Row[],
  page: PageQuery,
  view: (row: Row) => View,
): PageResponse<View> {
  const shown = rows.slice(0, page.limit);
  return listResponse(shown, rows.length > page.limit ? (shown.at(-1)?.id ?? null) : null, view);
}

/** Returns these rows. `next` is where the next page continues, null if there is none. */
export function listResponse<Row, View>(
  rows: readonly Row[],
  next: string | null,
  view: (row: Row) => View,
): PageResponse<View> {
  return { status: 200, body: { data: rows.map(view), next_cursor: next === null ? null : encodeSlot(next) } };
}
