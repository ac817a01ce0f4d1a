import { ArrowLeftIcon } from "@phosphor-icons/react/dist/csr/ArrowLeft";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

/** The head of a page below the list of transformations: the way back and its name. */
export function TransformationHead({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="subpage-head">
      <Link to="/transformations" className="back-link">
        <ArrowLeftIcon size={15} aria-hidden="true" />
        All transformations
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
