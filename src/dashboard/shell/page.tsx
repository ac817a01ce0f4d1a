import { type ReactNode, useEffect, useRef } from "react";
import { isDialogOpen } from "./shortcuts.ts";
import { useTitle } from "./title.ts";

type PageProps = {
  /** The page's name in the navigation. */
  readonly name: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Whether the page fills the window and scrolls inside, as lists do. */
  readonly fills?: boolean;
};

/** A page: its heading, its title, and the focus on the heading after a navigation, so that a screen reader reads it. */
export function Page({ name, actions, children, fills = false }: PageProps) {
  useTitle(name);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // A page may load after the viewer has opened something over it.
    if (!isDialogOpen()) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="page" data-fills={fills}>
      <div className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {name}
        </h1>
        {actions === undefined ? null : <div className="page-actions">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
