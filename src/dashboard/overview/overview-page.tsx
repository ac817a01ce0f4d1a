import { Button } from "@cloudflare/kumo/components/button";
import { useQueries, useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { Suspense, lazy, useState } from "react";
import type { Reconciliation } from "../../client/index.ts";
import { destinationsQuery, integrationsQuery, routesQuery } from "../api/names.ts";
import type { DeliverySearch } from "../deliveries/search.ts";
import { setClosed } from "../first-run/closed.ts";
import { useFirstRun } from "../first-run/use-first-run.ts";
import { EACH_DESTINATION } from "../settings/count-words.ts";
import { Page } from "../shell/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Loading } from "../ui/states.tsx";
import { type Health, Status } from "../ui/status.tsx";
import { Attention } from "./attention.tsx";
import { Charts } from "./charts.tsx";
import { HealthMap } from "./health-map.tsx";
import { measuresQuery } from "./measures.ts";
import { gaugesQuery, openAlertsQuery, outstandingQuery, reconciliationQuery } from "./queries.ts";
import { type ChartRange, rangeOf } from "./search.ts";

const route = getRouteApi("/app/");
const NUMBER = new Intl.NumberFormat();

const FirstRun = lazy(async () => ({ default: (await import("../first-run/first-run.tsx")).FirstRun }));

export function OverviewPage() {
  const firstRun = useFirstRun();
  const isEmpty = firstRun.kind === "shown" && firstRun.progress.integration === null;
  const again =
    firstRun.kind === "closed" ? (
      <Button size="sm" variant="ghost" onClick={() => setClosed(false)}>
        First steps
      </Button>
    ) : undefined;
  return (
    <Page name="Overview" actions={again}>
      {firstRun.kind === "loading" ? <Loading label="Loading the overview" /> : null}
      {firstRun.kind === "shown" ? (
        <Suspense fallback={<Loading label="Loading the first steps" />}>
          <FirstRun progress={firstRun.progress} />
        </Suspense>
      ) : null}
      {isEmpty || firstRun.kind === "loading" ? null : <Measures />}
    </Page>
  );
}

const FIRST_QUERIES = [
  destinationsQuery,
  integrationsQuery,
  routesQuery,
  outstandingQuery,
  openAlertsQuery,
  gaugesQuery,
  reconciliationQuery,
];

/** Returns whether the page waits for its first answers. It shows them together, so that no part moves another one. */
function useFirstLoad(range: ChartRange): boolean {
  const [firstRange] = useState(range);
  const { isPending } = useQuery(measuresQuery(firstRange));
  const pending = useQueries({ queries: FIRST_QUERIES, combine: (results) => results.some((each) => each.isPending) });
  return isPending || pending;
}

function Measures() {
  const { range } = route.useSearch();
  const isLoading = useFirstLoad(rangeOf(range));
  const query = useQuery(reconciliationQuery);
  if (isLoading) return <Loading label="Loading the overview" />;
  return (
    <>
      <Attention />
      <Charts range={rangeOf(range)} />
      <QueryView query={query} label="Loading the counts">
        {(counts) => <Counts counts={counts} />}
      </QueryView>
      <HealthMap />
    </>
  );
}

function Counts({ counts }: { readonly counts: Reconciliation }) {
  const { accepted, delivered, pending, dead, cancelled, ignored, balanced, missing } = counts;
  const isSound = balanced && missing === 0;
  return (
    <section aria-labelledby="counts-title">
      <div className="section-head">
        <h2 id="counts-title">Deliveries on record</h2>
        <Status health={isSound ? "ok" : "dead"}>
          {isSound ? "every accepted event is accounted for" : "the counts differ"}
        </Status>
        <Link to="/events" search={{ unrouted: "true" }}>
          Events that no route took
        </Link>
      </div>
      <p className="muted small counts-note">{EACH_DESTINATION}</p>
      <ul className="tiles">
        <Tile label="In total" value={accepted} health="quiet" />
        <Tile label="Delivered" value={delivered} health="ok" />
        <Tile label="Pending" value={pending} health="pending" search={{ status: "pending" }} />
        <Tile
          label="Dead"
          value={dead}
          health={dead === 0 ? "quiet" : "dead"}
          search={{ status: "dead", outstanding: "true" }}
        />
        <Tile label="Ignored or cancelled" value={ignored + cancelled} health="quiet" />
      </ul>
    </section>
  );
}

type TileProps = {
  readonly label: string;
  readonly value: number;
  readonly health: Health;
  /** The filters of the deliveries that are counted. */
  readonly search?: DeliverySearch;
};

function Tile({ label, value, health, search }: TileProps) {
  const content = (
    <>
      <span className="tile-value">{NUMBER.format(value)}</span>
      <span className="tile-label">{label}</span>
    </>
  );
  if (search === undefined) {
    return (
      <li className="tile" data-health={health}>
        {content}
      </li>
    );
  }
  return (
    <li>
      <Link to="/deliveries" search={search} className="tile" data-health={health}>
        {content}
      </Link>
    </li>
  );
}
