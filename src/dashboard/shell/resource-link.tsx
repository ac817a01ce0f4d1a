import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

type ResourceLinkProps = {
  readonly id: string;
  readonly children: ReactNode;
  readonly label?: string | undefined;
};

/** Whether an id leads to a page. */
export function hasPage(id: string): boolean {
  return /^(?:int|dst|rte|trf|evt|dlv|alr|rpl|tok)_/u.test(id);
}

/** Leads to the page of the thing with this id, whatever it is. An id without a page is only shown. */
export function ResourceLink({ id, children, label }: ResourceLinkProps) {
  const look = label === undefined ? {} : { "aria-label": label };
  switch (id.slice(0, 4)) {
    case "int_":
      return (
        <Link to="/integrations/$id" params={{ id }} {...look}>
          {children}
        </Link>
      );
    case "dst_":
      return (
        <Link to="/destinations/$id" params={{ id }} search={{}} {...look}>
          {children}
        </Link>
      );
    case "rte_":
      return (
        <Link to="/routes/$id" params={{ id }} search={{}} {...look}>
          {children}
        </Link>
      );
    case "trf_":
      return (
        <Link to="/transformations/$id" params={{ id }} search={{}} {...look}>
          {children}
        </Link>
      );
    case "evt_":
      return (
        <Link to="/events/$id" params={{ id }} search={{}} {...look}>
          {children}
        </Link>
      );
    case "dlv_":
      return (
        <Link to="/deliveries/$id" params={{ id }} search={{}} {...look}>
          {children}
        </Link>
      );
    case "alr_":
      return (
        <Link to="/alerts/$id" params={{ id }} search={{}} {...look}>
          {children}
        </Link>
      );
    case "rpl_":
      return (
        <Link to="/deliveries" search={{ replay: id }} {...look}>
          {children}
        </Link>
      );
    case "tok_":
      return (
        <Link to="/settings/tokens" {...look}>
          {children}
        </Link>
      );
    default:
      return children;
  }
}
