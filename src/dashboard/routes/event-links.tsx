import { Link } from "@tanstack/react-router";
import { useMay } from "../session/session.ts";

/** The ways from an event to the routes that could take it. */
export function EventRouteLinks({ id }: { readonly id: string }) {
  const may = useMay("write");
  return (
    <>
      <Link to="/routes/explain" search={{ event: id }}>
        Compare with every route
      </Link>
      {may ? (
        <Link to="/routes/new" search={{ event: id }}>
          Create a route for it
        </Link>
      ) : null}
    </>
  );
}
