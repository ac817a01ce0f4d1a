import { type RefObject, useEffect, useState } from "react";

/** From this width, a row's parts stand in columns of one line. */
const WIDE_PX = 820;

/** Whether an element is wide. It is narrow beside a detail, also on a large screen. */
export function useIsWide(element: RefObject<HTMLElement | null>): boolean {
  const [isWide, setIsWide] = useState(false);
  // An effect of a child runs before the element of its parent is there, if it is a layout effect.
  useEffect(() => {
    if (element.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setIsWide((entry?.contentRect.width ?? 0) >= WIDE_PX));
    observer.observe(element.current);
    setIsWide(element.current.clientWidth >= WIDE_PX);
    return () => observer.disconnect();
  }, [element]);
  return isWide;
}
