import { Button } from "@cloudflare/kumo/components/button";
import { type ReactNode, type RefObject, useRef } from "react";
import type { LiveList } from "./use-live-list.ts";

/** Pixels from the top within which new rows may appear by themselves. */
const AT_TOP_PX = 8;

/** Tells whether the viewer is using the rows: the pointer is over them, the focus is in them, or they are scrolled. */
export function useHold(): { readonly scroller: RefObject<HTMLDivElement | null>; readonly isHeld: () => boolean } {
  const scroller = useRef<HTMLDivElement>(null);
  const isHeld = (): boolean => {
    const element = scroller.current;
    if (element === null) return false;
    return element.matches(":hover") || element.contains(document.activeElement) || element.scrollTop > AT_TOP_PX;
  };
  return { scroller, isHeld };
}

type ListDetailProps = {
  readonly list: LiveList<unknown>;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly rows: ReactNode;
  /** The selected object beside the list; on a narrow screen in its place. */
  readonly detail: ReactNode;
  readonly hasDetail: boolean;
};

/** A list with the selected object beside it. */
export function ListDetail({ list, scroller, rows, detail, hasDetail }: ListDetailProps) {
  const show = (): void => {
    scroller.current?.scrollTo({ top: 0 });
    list.showFresh();
  };
  return (
    <div className="list-detail" data-detail={hasDetail}>
      <div className="list-pane">
        <div className="fresh" role="status">
          {list.fresh === 0 ? null : (
            <Button size="sm" variant="primary" onClick={show}>
              {`${list.fresh} new`}
            </Button>
          )}
        </div>
        {/* A region that scrolls must be reachable by keyboard. */}
        <div ref={scroller} className="list-scroller" tabIndex={-1}>
          {rows}
        </div>
      </div>
      {hasDetail ? <div className="detail-pane">{detail}</div> : null}
    </div>
  );
}
