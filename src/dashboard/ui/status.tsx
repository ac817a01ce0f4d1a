import type { ReactNode } from "react";

/** How something is doing. Each has one colour everywhere, and always stands beside a word. */
export type Health = "ok" | "failing" | "pending" | "dead" | "quiet";

/** A coloured dot with its word. */
export function Status({ health, children }: { readonly health: Health; readonly children: ReactNode }) {
  return (
    <span className="status" data-health={health}>
      <span className="status-dot" aria-hidden="true" />
      {children}
    </span>
  );
}
