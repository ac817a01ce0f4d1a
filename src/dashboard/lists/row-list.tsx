import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useEffect, useLayoutEffect } from "react";
import { Empty, Failed, Loading } from "../ui/states.tsx";
import type { LiveList } from "./use-live-list.ts";
import { useIsWide } from "./use-is-wide.ts";
import { useShortcuts } from "../shell/shortcuts.ts";

type RowListProps<Row> = {
  readonly list: LiveList<Row>;
  /** What the rows are, such as "Events": the list's name for screen readers. */
  readonly label: string;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly selectedId: string | undefined;
  readonly onSelect: (row: Row) => void;
  readonly renderRow: (row: Row) => ReactNode;
  /** What an empty list says. */
  readonly empty: ReactNode;
};

/** The heights of a row of one line and of two lines, also in styles/lists.css. */
const ROW_HEIGHTS = { wide: 38, narrow: 52 } as const;
const OVERSCAN = 10;
/** The list reads on when this many rows are left below the window. */
const READ_AHEAD = 20;

/** The rows of a list. Only those in the window are in the document, so that its length does not matter. */
export function RowList<Row extends { readonly id: string }>(props: RowListProps<Row>) {
  const { list, label, scroller, selectedId, onSelect, renderRow, empty } = props;
  const { rows, hasMore, isReading, readMore } = list;
  const isWide = useIsWide(scroller);
  const height = isWide ? ROW_HEIGHTS.wide : ROW_HEIGHTS.narrow;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: OVERSCAN,
    getItemKey: (index) => rows[index]?.id ?? index,
    useFlushSync: false,
  });
  useLayoutEffect(() => virtual.measure(), [virtual, height]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  const wantsMore = hasMore && !isReading && last >= rows.length - 1 - READ_AHEAD;
  useEffect(() => {
    if (wantsMore) readMore();
  });

  const move = (step: 1 | -1): void => {
    const at = rows.findIndex((row) => row.id === selectedId);
    const index = Math.min(rows.length - 1, Math.max(0, at === -1 ? 0 : at + step));
    const row = rows[index];
    if (row === undefined) return;
    virtual.scrollToIndex(index);
    onSelect(row);
  };
  useShortcuts({ j: () => move(1), k: () => move(-1) });

  if (list.status === "loading") return <Loading rows={10} label={`Loading ${label.toLowerCase()}`} />;
  if (list.status === "failed") return <Failed error={list.error} onRetry={list.reload} />;
  if (rows.length === 0 && !hasMore) return empty;
  return (
    <>
      <ul className="rows" data-wide={isWide} aria-label={label} style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, key, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <li key={key} className="row-slot" style={{ transform: `translateY(${start}px)` }}>
              {renderRow(row)}
            </li>
          );
        })}
      </ul>
      <ListEnd list={list} />
    </>
  );
}

/** What follows the last row. */
function ListEnd<Row>({ list: { rows, hasMore, isCut, error } }: { readonly list: LiveList<Row> }) {
  if (error !== null && error !== undefined) {
    return <p className="list-end muted">The gateway did not answer. The list tries again by itself.</p>;
  }
  if (hasMore) {
    return (
      <p className="list-end muted" role="status">
        {rows.length === 0 ? "Searching older entries…" : "Loading more…"}
      </p>
    );
  }
  if (isCut)
    return <p className="list-end muted">The list ends here. Set a time or another filter to see older entries.</p>;
  return <p className="list-end muted">This is the oldest entry.</p>;
}

/** An empty list: without filters nothing has happened yet; with filters nothing matches. */
export function NoRows({
  isFiltered,
  what,
  next,
  children,
}: {
  readonly isFiltered: boolean;
  readonly what: string;
  /** The button that leads to the first row. */
  readonly next: ReactNode;
  readonly children: ReactNode;
}) {
  if (isFiltered) return <Empty title={`No ${what} match these filters`}>Change a filter or clear them all.</Empty>;
  return (
    <Empty title={`No ${what} yet`} action={next}>
      {children}
    </Empty>
  );
}
