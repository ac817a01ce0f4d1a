import { type Result, type Success, unwrap } from "./result.ts";

type Page<T> = { readonly data: readonly T[]; readonly next_cursor: string | null };

/** The cursor of a page; none for the first one. */
type Position = { readonly cursor?: string };

type ReadPage<P extends Page<unknown>> = (at: Position) => Promise<Result<Success<200, P>>>;

/** The pages of a list, read one at a time. Throws a `ClientError` if one cannot be read. */
export async function* pagesOf<P extends Page<unknown>>(read: ReadPage<P>): AsyncGenerator<P, void, void> {
  let at: Position = {};
  for (;;) {
    const page = unwrap(await read(at));
    yield page;
    if (page.next_cursor === null) return;
    at = { cursor: page.next_cursor };
  }
}

/** The rows of all pages of a list. Throws a `ClientError` if a page cannot be read. */
export async function* itemsOf<T>(read: ReadPage<Page<T>>): AsyncGenerator<T, void, void> {
  for await (const page of pagesOf(read)) yield* page.data;
}
