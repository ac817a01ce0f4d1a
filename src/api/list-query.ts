import * as z from "zod/mini";
import type { Problem } from "../net/problem.ts";
import { type Result, ok } from "../model/result.ts";
import type { PageQuery } from "../storage/tables.ts";
import type { Answer } from "./call.ts";
import { check } from "./field-errors.ts";
import { refuseQuery } from "./problems.ts";

const DEFAULT_LIMIT = 50;
const MAX_ROWS = 250;
const MAX_CURSOR = 1_500;
const LIMIT_MESSAGE = `has to be a whole number from 1 to ${MAX_ROWS}`;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

function decodeCursor(text: string): string {
  try {
    return decoder.decode(Uint8Array.fromBase64(text, { alphabet: "base64url" }));
  } catch {
    return "";
  }
}

function encodeCursor(id: string): string {
  return encoder.encode(id).toBase64({ alphabet: "base64url", omitPadding: true });
}

const limit = z.optional(
  z
    .pipe(z.string().check(z.regex(/^\d{1,9}$/, LIMIT_MESSAGE)), z.transform(Number))
    .check(z.refine((value) => value >= 1 && value <= MAX_ROWS, LIMIT_MESSAGE)),
);

function cursorOf(ids: string | RegExp) {
  const id = typeof ids === "string" ? new RegExp(`^${ids}_[0-9A-Za-z]{1,60}$`) : ids;
  return z.optional(
    z
      .pipe(z.string().check(z.maxLength(MAX_CURSOR, "is not a cursor of this list")), z.transform(decodeCursor))
      .check(z.refine((text) => id.test(text), "is not a cursor of this list")),
  );
}

export type ListQuery<Filters> = { readonly page: PageQuery; readonly filters: Filters };

/** Reads the query of a list: `limit`, `cursor` and the list's own filters, and nothing else. `ids`: their prefix, or all of their form. */
export function parseListQuery<Shape extends z.core.$ZodShape>(
  url: URL,
  ids: string | RegExp,
  filters: Shape,
): Result<ListQuery<z.output<z.ZodMiniObject<Shape>>>, Problem> {
  const names = new Set<string>();
  for (const path of url.searchParams.keys()) {
    if (names.has(path)) return refuseQuery([{ path, message: "is given more than once" }]);
    names.add(path);
  }
  const given = Object.fromEntries(url.searchParams);
  const { limit: limitText, cursor, ...others } = given;
  const page = check(z.object({ limit, cursor: cursorOf(ids) }), { limit: limitText, cursor });
  const filtered = check(z.strictObject(filters), others);
  if (!page.ok || !filtered.ok) {
    return refuseQuery([...(page.ok ? [] : page.error), ...(filtered.ok ? [] : filtered.error)]);
  }
  return ok({
    page: { limit: page.value.limit ?? DEFAULT_LIMIT, before: page.value.cursor ?? null },
    filters: filtered.value,
  });
}

/** The answer with a page of a list, of which one row more than its limit was read where there are more. */
export function pageAnswer<T extends { readonly id: string }>(
  rows: readonly T[],
  limitOfPage: number,
  view: (row: T) => object,
): Answer {
  const shown = rows.slice(0, limitOfPage);
  return listAnswer(shown, rows.length > limitOfPage ? (shown.at(-1)?.id ?? null) : null, view);
}

/** The answer with these rows; `next` is the id that the next page goes on below, null where nothing follows. */
export function listAnswer<T>(rows: readonly T[], next: string | null, view: (row: T) => object): Answer {
  return { status: 200, body: { data: rows.map(view), next_cursor: next === null ? null : encodeCursor(next) } };
}
