import { ArrowLeftIcon } from "@phosphor-icons/react/dist/csr/ArrowLeft";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

type SubpageHeadProps = {
  readonly list: "routes" | "transformations";
  readonly title: string;
  readonly children?: ReactNode;
};

/** The head of a page below a list: the way back and its name. */
export function SubpageHead({ list, title, children }: SubpageHeadProps) {
  return (
    <div className="subpage-head">
      <Link to={`/${list}`} className="back-link">
        <ArrowLeftIcon size={15} aria-hidden="true" />
        {`All ${list}`}
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
