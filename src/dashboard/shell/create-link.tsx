import { PlusIcon } from "@phosphor-icons/react/dist/csr/Plus";
import { Link } from "@tanstack/react-router";
import { useMay } from "../session/session.ts";

type CreateLinkProps = { readonly what: "integration" | "destination" | "route" | "transformation" };

/** The button that leads to the form for a new thing. Readers do not see it: they would be refused. */
export function CreateLink({ what }: CreateLinkProps) {
  if (!useMay("write")) return null;
  return (
    <Link to={`/${what}s/new`} search={{}} className="link-button" data-primary="true">
      <PlusIcon size={14} weight="bold" aria-hidden="true" />
      {`Create ${what}`}
    </Link>
  );
}
