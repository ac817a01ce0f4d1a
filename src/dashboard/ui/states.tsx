import { Button } from "@cloudflare/kumo/components/button";
import type { ReactNode } from "react";
import { ClientError, describeFailure } from "../../client/index.ts";

/** Placeholder rows. They appear only if loading takes a while, so that a fast page does not flicker. */
export function Loading({ rows = 6, label = "Loading" }: { readonly rows?: number; readonly label?: string }) {
  return (
    <div className="loading" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="loading-row" />
      ))}
    </div>
  );
}

type EmptyProps = {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly icon?: ReactNode;
};

/** Says that there is nothing, why, and what to do next. */
export function Empty({ title, children, action, icon }: EmptyProps) {
  return (
    <div className="empty">
      {icon === undefined ? null : (
        <div className="empty-icon" aria-hidden="true">
          {icon}
        </div>
      )}
      <p className="empty-title">{title}</p>
      {children === undefined ? null : <p className="muted">{children}</p>}
      {action}
    </div>
  );
}

function messageOf(error: unknown): { readonly title: string; readonly detail: string } {
  if (!(error instanceof ClientError)) {
    return { title: "The dashboard failed to show this", detail: "Reload the page. If it happens again, report it." };
  }
  const { failure } = error;
  if (failure.kind === "network") {
    return { title: "The gateway did not respond", detail: "Check your connection. The page tries again by itself." };
  }
  if (failure.status === 404) {
    return {
      title: "Not found",
      detail: "It was deleted, it is older than the retention period, or it is not recorded yet.",
    };
  }
  if (failure.status === 403) return { title: "Your token may not see this", detail: describeFailure(failure) };
  return { title: "The request failed", detail: describeFailure(failure) };
}

type FailedProps = { readonly error: unknown; readonly onRetry?: () => void };

/** Says what failed and offers to try again. */
export function Failed({ error, onRetry }: FailedProps) {
  const { title, detail } = messageOf(error);
  return (
    <div className="empty" role="alert">
      <p className="empty-title">{title}</p>
      <p className="muted">{detail}</p>
      {onRetry === undefined ? null : (
        <Button variant="secondary" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
