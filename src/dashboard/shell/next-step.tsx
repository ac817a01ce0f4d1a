import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { integrationsQuery, routesQuery } from "../api/names.ts";
import { CreateLink } from "./create-link.tsx";

/** What leads to a first event: an integration, or the URL of one that exists. */
export function ToFirstEvent() {
  const { data: integrations } = useQuery(integrationsQuery);
  if (integrations === undefined) return null;
  if (integrations.length === 0) return <CreateLink what="integration" />;
  return (
    <Link to="/integrations" className="link-button">
      Copy the URL of an integration
    </Link>
  );
}

/** What leads to a first delivery: a route, and then an event. */
export function ToFirstDelivery() {
  const { data: routes } = useQuery(routesQuery);
  if (routes === undefined) return null;
  return routes.length === 0 ? <CreateLink what="route" /> : <ToFirstEvent />;
}
