import { Link } from "@tanstack/react-router";
import { useMay } from "../session/session.ts";

/** Leads to the changes of a thing and their authors. The audit trail is for administrators. */
export function ChangesLink({ id }: { readonly id: string }) {
  if (!useMay("admin")) return null;
  return (
    <Link to="/settings/audit" search={{ id }} className="small">
      Who changed it
    </Link>
  );
}
