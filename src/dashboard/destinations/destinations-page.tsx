import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Destination } from "../../client/index.ts";
import { destinationsQuery } from "../api/names.ts";
import { CreateLink } from "../shell/create-link.tsx";
import { Page } from "../shell/page.tsx";
import { PlainTable } from "../ui/plain-table.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Empty } from "../ui/states.tsx";
import { Time } from "../ui/time.tsx";
import { DestinationStatus, urgencyOf } from "./health.tsx";
import { addressOf } from "./kinds.ts";
import { dayQuery } from "./queries.ts";

function kindOf({ type, payload }: Destination): string {
  return payload.mode === "preset" ? `${type}, ${payload.preset}` : type;
}

/** Since when, and what happens next, below the state. */
function StateDetail({ destination: { enabled, paused_at, health } }: { readonly destination: Destination }) {
  if (!enabled) return null;
  const at = paused_at ?? health.failing_since;
  if (at === null) return null;
  return (
    <span className="muted small">
      since <Time at={at} />
    </span>
  );
}

export function DestinationsPage() {
  const query = useQuery({ ...destinationsQuery, staleTime: 0, refetchInterval: 10_000 });
  const { data: delivered } = useQuery(dayQuery("delivered"));
  const { data: failed } = useQuery(dayQuery("failed"));
  return (
    <Page name="Destinations" actions={<CreateLink what="destination" />}>
      <QueryView query={query} label="Loading destinations">
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="No destinations yet">
              A destination is a place that events are delivered to: a URL, a chat, an on-call service, a queue.
            </Empty>
          ) : (
            <PlainTable
              label="Destinations"
              columns={["Name", "State", "Type", "24 h", "Address", "Deliveries"]}
              rows={rows
                .toSorted((one, other) => urgencyOf(other) - urgencyOf(one))
                .map((destination) => ({
                  id: destination.id,
                  cells: [
                    <Link key="name" to="/destinations/$id" params={{ id: destination.id }} className="name-cell">
                      <bdi>{destination.name}</bdi>
                    </Link>,
                    <span key="state" className="cell-stack">
                      <DestinationStatus destination={destination} />
                      <StateDetail destination={destination} />
                    </span>,
                    <span key="type" className="nowrap">
                      {kindOf(destination)}
                    </span>,
                    <span key="day" className="cell-stack nowrap">
                      <span>{`${delivered?.get(destination.id) ?? 0} delivered`}</span>
                      <FailedCount count={failed?.get(destination.id) ?? 0} />
                    </span>,
                    <bdi key="url" className="cut">
                      {addressOf(destination)}
                    </bdi>,
                    <span key="deliveries" className="cell-stack">
                      <Link
                        to="/deliveries"
                        search={{ destination: destination.id }}
                        aria-label={`Deliveries to ${destination.name}`}
                      >
                        Deliveries
                      </Link>
                      <Link
                        to="/deliveries"
                        search={{ destination: destination.id, status: "dead", outstanding: "true" }}
                        className="small"
                        aria-label={`Dead deliveries to ${destination.name}`}
                      >
                        Dead
                      </Link>
                    </span>,
                  ],
                }))}
            />
          )
        }
      </QueryView>
    </Page>
  );
}

function FailedCount({ count }: { readonly count: number }) {
  if (count === 0) return <span className="muted small">none dead</span>;
  return <span className="small health-text" data-health="dead">{`${count} dead`}</span>;
}
