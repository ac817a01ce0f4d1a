import { Link } from "@tanstack/react-router";
import { Time } from "../ui/time.tsx";
import { AlertStatus, UrgencyTag } from "./alert-status.tsx";
import type { AlertRow } from "./alerts-query.ts";

type AlertRowProps = { readonly alert: AlertRow; readonly integration: string };

/** One alert as a link, so that it can be opened in another tab. */
export function AlertRowLink({ alert, integration }: AlertRowProps) {
  const { id, title, key, status, urgency, dedup_count, created_at } = alert;
  return (
    <Link to="/alerts/$id" params={{ id }} search={true} className="row" preload={false}>
      <span className="row-main">
        <bdi className="row-title">{title === "" ? key : title}</bdi>
        <span className="row-time">
          <Time at={created_at} />
        </span>
      </span>
      <span className="row-sub">
        <AlertStatus status={status} />
        <bdi className="row-source">{integration}</bdi>
        <span className="row-kind alert-kind">
          {urgency === null ? null : <UrgencyTag urgency={urgency} />}
          {dedup_count === 0 ? null : <span>{repeatsText(dedup_count)}</span>}
        </span>
      </span>
    </Link>
  );
}

export function repeatsText(count: number): string {
  return count === 1 ? "1 repeat" : `${count} repeats`;
}
