import { useEffect } from "react";

/** Sets the title of the document, which tabs, history and screen readers show. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Hookgate`;
  }, [title]);
}
