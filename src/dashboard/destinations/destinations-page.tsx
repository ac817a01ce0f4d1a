import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Destination } from "../../client/index.ts";
import { destinationsQuery } from "../api/names.ts";
import { Page } from "../shell/page.tsx";
import { Empty } from "../ui/states.tsx";
import { type Health, Status } from "../ui/status.tsx";
import { PlainTable } from "../ui/plain-table.tsx";
import { QueryView } from "../ui/query-view.tsx";

const HEALTH = {
  healthy: "ok",
  failing: "failing",
  paused_by_breaker: "dead",
  probing: "pending",
} as const satisfies Record<Destination["health"]["status"], Health>;

function State({ destination }: { readonly destination: Destination }) {
  if (!destination.enabled) return <Status health="quiet">off</Status>;
  const { status } = destination.health;
  return <Status health={HEALTH[status]}>{status.replaceAll("_", " ")}</Status>;
}

export function DestinationsPage() {
  const query = useQuery(destinationsQuery);
  return (
    <Page name="Destinations">
      <QueryView query={query} label="Loading destinations">
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="No destinations yet">A destination is an address that events are delivered to.</Empty>
          ) : (
            <PlainTable
              label="Destinations"
              columns={["Name", "Type", "State", "Address", "Deliveries"]}
              rows={rows.map((destination) => ({
                id: destination.id,
                cells: [
                  <bdi key="name">{destination.name}</bdi>,
                  destination.type,
                  <State key="state" destination={destination} />,
                  <bdi key="url" className="cut">
                    {destination.url ?? "none"}
                  </bdi>,
                  <Link
                    key="deliveries"
                    to="/deliveries"
                    search={{ destination: destination.id }}
                    aria-label={`Deliveries to ${destination.name}`}
                  >
                    Deliveries
                  </Link>,
                ],
              }))}
            />
          )
        }
      </QueryView>
    </Page>
  );
}
