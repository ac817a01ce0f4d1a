import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import type { Destination } from "../../client/index.ts";
import { attemptResult, isAccepted } from "../deliveries/attempt-result.ts";
import { DeliveryRowLink } from "./delivery-line.tsx";
import { useMay } from "../session/session.ts";
import { ChangesLink } from "../shell/changes-link.tsx";
import { Page } from "../shell/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Time } from "../ui/time.tsx";
import { DESTINATION_TABS } from "./addresses.ts";
import { DestinationActions } from "./destination-actions.tsx";
import { DestinationStatus, HealthNote } from "./health.tsx";
import { Authorize } from "./authorize.tsx";
import { PayloadTab } from "./payload-tab.tsx";
import { addressOf } from "./kinds.ts";
import { MAX_COUNTED, deliveriesQuery, destinationQuery } from "./queries.ts";
import { RequestsTab } from "./requests-tab.tsx";
import { SettingsTab } from "./settings-tab.tsx";

const route = getRouteApi("/app/destinations/$id");
const TAB_NAMES = { overview: "Health", payload: "Payload", requests: "By event type", settings: "Settings" } as const;

/** Only webhooks have requests by type of event. */
function tabsOf({ type }: Destination) {
  return DESTINATION_TABS.filter((name) => name !== "requests" || type === "webhook");
}

export function DestinationPage() {
  const { id } = route.useParams();
  const { view: tab = "overview" } = route.useSearch();
  const query = useQuery(destinationQuery(id));
  return (
    <Page key={id} name={query.data?.name ?? "Destination"}>
      <QueryView query={query} label="Loading the destination">
        {(destination) => (
          <>
            <div className="section-head">
              <DestinationStatus destination={destination} />
              <span className="tag">{destination.type}</span>
              <bdi className="muted">{addressOf(destination)}</bdi>
              <ChangesLink id={id} />
            </div>
            <DestinationActions destination={destination} />
            <HealthNote destination={destination} />
            <Authorize destination={destination} />
            <nav className="segments" aria-label="Parts of the destination">
              {tabsOf(destination).map((name) => (
                <Link
                  key={name}
                  to="/destinations/$id"
                  params={{ id }}
                  replace
                  search={name === "overview" ? {} : { view: name }}
                  className="segment"
                  data-selected={name === tab}
                  {...(name === tab && { "aria-current": "true" as const })}
                >
                  {TAB_NAMES[name]}
                </Link>
              ))}
            </nav>
            {tab === "overview" ? <HealthTab destination={destination} /> : null}
            {tab === "payload" ? <PayloadTab destination={destination} /> : null}
            {tab === "requests" ? <RequestsTab destination={destination} /> : null}
            {tab === "settings" ? <SettingsTab destination={destination} /> : null}
          </>
        )}
      </QueryView>
    </Page>
  );
}

function countText(
  rows: { readonly data: readonly unknown[]; readonly next_cursor: string | null } | undefined,
): string {
  if (rows === undefined) return "…";
  return rows.next_cursor === null ? String(rows.data.length) : `${Math.max(rows.data.length, MAX_COUNTED)}+`;
}

function HealthTab({ destination }: { readonly destination: Destination }) {
  const { id, health, signing_overlap_ends_at } = destination;
  const may = useMay("write");
  const recent = useQuery(deliveriesQuery(id, "recent"));
  const { data: pending } = useQuery(deliveriesQuery(id, "pending"));
  const { data: dead } = useQuery(deliveriesQuery(id, "dead"));
  const { data: delivered } = useQuery(deliveriesQuery(id, "delivered"));
  const lastSuccess = delivered?.data[0]?.attempts.at(-1)?.at;
  const hasDead = (dead?.data.length ?? 0) > 0;
  const failed = recent.data?.data
    .flatMap(({ attempts }) => attempts.filter((attempt) => !isAccepted(attempt)).slice(-1))
    .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))
    .at(-1);
  return (
    <>
      <div className="tiles">
        <Link to="/deliveries" search={{ destination: id, status: "pending" }} className="tile" data-health="quiet">
          <span className="tile-value">{countText(pending)}</span>
          <span className="tile-label">pending</span>
        </Link>
        <Link
          to="/deliveries"
          search={{ destination: id, status: "dead", outstanding: "true" }}
          className="tile"
          data-health={hasDead ? "dead" : "quiet"}
        >
          <span className="tile-value">{countText(dead)}</span>
          <span className="tile-label">dead, not replayed</span>
        </Link>
        <div className="tile" data-health={health.failures > 0 ? "dead" : "quiet"}>
          <span className="tile-value">{health.failures}</span>
          <span className="tile-label">failed attempts in a row</span>
        </div>
      </div>
      <dl className="facts">
        <div>
          <dt>Last success</dt>
          <dd>{lastSuccess === undefined ? "none on record" : <Time at={lastSuccess} as="relative" />}</dd>
        </div>
        <div>
          <dt>Failing since</dt>
          <dd>{health.failing_since === null ? "not failing" : <Time at={health.failing_since} />}</dd>
        </div>
        <div>
          <dt>Signing</dt>
          <dd>{destination.signing.scheme}</dd>
        </div>
        {signing_overlap_ends_at === null ? null : (
          <div>
            <dt>Replaced secret signs until</dt>
            <dd>
              <Time at={signing_overlap_ends_at} />
            </dd>
          </div>
        )}
        {health.failures === 0 || failed === undefined ? null : (
          <div className="fact-wide">
            <dt>Last failure</dt>
            <dd>
              <bdi>{failed.error ?? `status ${attemptResult(failed)}`}</bdi>
            </dd>
          </div>
        )}
      </dl>
      <section aria-labelledby="recent-title">
        <div className="section-head">
          <h2 id="recent-title">Recent deliveries</h2>
          <Link to="/deliveries" search={{ destination: id }}>
            All deliveries
          </Link>
        </div>
        <QueryView query={recent} label="Loading deliveries">
          {({ data }) =>
            data.length === 0 ? (
              <p className="muted">
                Nothing was delivered to it yet. A route decides which events go here.{" "}
                {may ? (
                  <Link to="/routes/new" search={{ destination: id }}>
                    Create a route to it
                  </Link>
                ) : null}
              </p>
            ) : (
              <ul className="line-list">
                {data.map((delivery) => (
                  <li key={delivery.id}>
                    <DeliveryRowLink delivery={delivery} />
                  </li>
                ))}
              </ul>
            )
          }
        </QueryView>
      </section>
    </>
  );
}
