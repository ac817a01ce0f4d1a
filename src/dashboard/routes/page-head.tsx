import { ArrowLeftIcon } from "@phosphor-icons/react/dist/csr/ArrowLeft";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

/** The head of a page below the list of routes: the way back and its name. */
export function SubpageHead({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="subpage-head">
      <Link to="/routes" className="back-link">
        <ArrowLeftIcon size={15} aria-hidden="true" />
        All routes
      </Link>
      <div className="subpage-title">
        <h2>
          <bdi>{title}</bdi>
        </h2>
        {children}
      </div>
    </div>
  );
}
