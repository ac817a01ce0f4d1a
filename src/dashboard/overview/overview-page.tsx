import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type Reconciliation, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { destinationsQuery } from "../api/names.ts";
import { Page } from "../shell/page.tsx";
import { type Health, Status } from "../ui/status.tsx";
import { Time } from "../ui/time.tsx";
import { QueryView } from "../ui/query-view.tsx";

const REFRESH_MS = 10_000;

const reconciliationQuery = queryOptions({
  queryKey: ["reconciliation"],
  queryFn: async ({ signal }) => unwrap(await client.reconciliation.get({ signal })),
  refetchInterval: REFRESH_MS,
});

const NUMBER = new Intl.NumberFormat();

export function OverviewPage() {
  const query = useQuery(reconciliationQuery);
  return (
    <Page name="Overview">
      <FailingDestinations />
      <QueryView query={query} label="Loading the counts">
        {(counts) => <Counts counts={counts} />}
      </QueryView>
    </Page>
  );
}

function Counts({ counts }: { readonly counts: Reconciliation }) {
  const { accepted, delivered, pending, dead, balanced, missing } = counts;
  const isSound = balanced && missing === 0;
  return (
    <section aria-labelledby="counts-title">
      <div className="section-head">
        <h2 id="counts-title">All stored events</h2>
        <Status health={isSound ? "ok" : "dead"}>
          {isSound ? "every accepted event is accounted for" : "the counts differ"}
        </Status>
      </div>
      <ul className="tiles">
        <Tile label="Accepted" value={accepted} health="quiet" />
        <Tile label="Delivered" value={delivered} health="ok" />
        <Tile label="Pending" value={pending} health="pending" />
        <Tile label="Dead" value={dead} health={dead === 0 ? "quiet" : "dead"} />
      </ul>
    </section>
  );
}

type TileProps = { readonly label: string; readonly value: number; readonly health: Health };

function Tile({ label, value, health }: TileProps) {
  return (
    <li className="tile" data-health={health}>
      <span className="tile-value">{NUMBER.format(value)}</span>
      <span className="tile-label">{label}</span>
    </li>
  );
}

/** What is wrong comes first. */
function FailingDestinations() {
  const { data = [] } = useQuery({ ...destinationsQuery, refetchInterval: REFRESH_MS, staleTime: 0 });
  const failing = data.filter(({ enabled, health }) => enabled && health.status !== "healthy");
  if (failing.length === 0) return null;
  return (
    <section className="problems" aria-labelledby="problems-title">
      <h2 id="problems-title">Needs attention</h2>
      <ul>
        {failing.map(({ id, name, health }) => (
          <li key={id}>
            <Status health={health.status === "paused_by_breaker" ? "dead" : "failing"}>failing</Status>
            <Link to="/deliveries" search={{ destination: id }}>
              <bdi>{name}</bdi>
            </Link>
            <span className="muted">
              {`${health.failures} failed attempts in a row`}
              {health.failing_since === null ? null : (
                <>
                  {", since "}
                  <Time at={health.failing_since} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
