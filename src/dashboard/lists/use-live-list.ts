import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { FOLLOWS_CHANGES, usePollInterval } from "../live/pushed.ts";
import { joinRows, selectFresh } from "./rows.ts";

/** How often the list looks for new rows if the gateway does not say when there are some. Nothing is read while the tab is hidden. */
export const POLL_MS = 3_000;

/** The most rows that a list reads, so that a tab that is scrolled on and on does not fill the memory. */
const MAX_ROWS = 100_000;

export type ListPage<Row> = { readonly data: readonly Row[]; readonly next_cursor: string | null };
/** Reads a page of a list: the first one without a cursor. */
export type ReadPage<Row> = (cursor: string | undefined, signal: AbortSignal) => Promise<ListPage<Row>>;

type LiveListOptions<Row> = {
  /** Names the list and its filters. Another key is another list. */
  readonly key: readonly unknown[];
  readonly readPage: ReadPage<Row>;
  readonly isLive: boolean;
  /** Whether the viewer is using the rows, which then must not move. */
  readonly isHeld: () => boolean;
};

export type LiveList<Row> = {
  readonly rows: readonly Row[];
  readonly status: "loading" | "failed" | "ready";
  readonly error: unknown;
  /** How many new rows wait until the viewer asks for them. */
  readonly fresh: number;
  readonly showFresh: () => void;
  readonly isReading: boolean;
  readonly hasMore: boolean;
  /** Whether there are older rows that the list does not read, because it has so many. */
  readonly isCut: boolean;
  readonly readMore: () => void;
  readonly reload: () => void;
};

/**
 * A list of the API, newest first, read page by page, with the rows that arrive while it is open. A page may be short or empty
 * and still have a cursor: the caller asks for more until the window is full.
 */
export function useLiveList<Row extends { readonly id: string }>(options: LiveListOptions<Row>): LiveList<Row> {
  const { key, readPage, isLive, isHeld } = options;
  const queries = useQueryClient();
  const [none] = useState<readonly Row[]>([]);
  const [taken, setTaken] = useState({ of: "", rows: none });
  const name = JSON.stringify(key);
  const head = taken.of === name ? taken.rows : none;

  const pages = useInfiniteQuery({
    queryKey: [...key, "pages"],
    queryFn: ({ pageParam, signal }) => readPage(pageParam === "" ? undefined : pageParam, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
    staleTime: Infinity,
  });
  const newest = useQuery({
    queryKey: [...key, "newest"],
    queryFn: ({ signal }) => readPage(undefined, signal),
    enabled: isLive && pages.isSuccess,
    refetchInterval: usePollInterval(POLL_MS),
    staleTime: POLL_MS,
    meta: FOLLOWS_CHANGES,
  });

  const latest = newest.data?.data ?? none;
  const read = pages.data?.pages;
  // A long list is joined only if it changes.
  const rows = useMemo(() => joinRows(head, read?.map(({ data }) => data) ?? [], latest), [head, read, latest]);
  const fresh = useMemo(() => (read === undefined ? none : selectFresh(rows, latest)), [read, rows, latest, none]);
  const isFull = rows.length >= MAX_ROWS;
  const hasMore = pages.hasNextPage && !isFull;
  // With no row in common, there may be others between the newest page and what is shown.
  const hasGap =
    fresh.length > 0 && fresh.length === latest.length && rows.length > 0 && newest.data?.next_cursor !== null;

  const reload = (): void => {
    setTaken({ of: name, rows: [] });
    void queries.resetQueries({ queryKey: key });
  };
  const showFresh = (): void => {
    if (hasGap) reload();
    else setTaken({ of: name, rows: [...fresh, ...head] });
  };
  const newestAt = newest.dataUpdatedAt;
  useEffect(() => {
    if (fresh.length > 0 && !isHeld()) showFresh();
    // Decided once for each answer: rows never move because the pointer does.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [newestAt]);

  return {
    rows,
    status: pages.isPending ? "loading" : pages.isError && pages.data === undefined ? "failed" : "ready",
    error: pages.error ?? newest.error,
    fresh: fresh.length,
    showFresh,
    isReading: pages.isFetching,
    hasMore,
    isCut: pages.hasNextPage && isFull,
    readMore: () => {
      if (hasMore && !pages.isFetching) void pages.fetchNextPage();
    },
    reload,
  };
}
