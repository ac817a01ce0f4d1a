import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Delivery } from "../../client/index.ts";
import { destinationsQuery, integrationsQuery } from "../api/names.ts";
import { rejectionReason } from "../integrations/arrivals.ts";
import { Failed, Loading } from "../ui/states.tsx";
import { type Health, Status } from "../ui/status.tsx";
import { Time } from "../ui/time.tsx";
import { destinationCondition, integrationCondition, isProblem } from "./problems.ts";
import { gaugesQuery, openAlertsQuery, outstandingQuery } from "./queries.ts";
import { REFRESH_MS } from "./refresh.ts";

const OLD_PENDING_SECONDS = 300;

/** A count of a list that was read to its limit. */
function countText(count: number, hasMore: boolean): string {
  return `${count}${hasMore ? "+" : ""}`;
}

function countByDestination(deliveries: readonly Delivery[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { destination_id } of deliveries) counts.set(destination_id, (counts.get(destination_id) ?? 0) + 1);
  return counts;
}

/** What is wrong, each with the page on which it is mended. */
export function Attention() {
  const destinations = useQuery({ ...destinationsQuery, refetchInterval: REFRESH_MS, staleTime: 0 });
  const integrations = useQuery({ ...integrationsQuery, refetchInterval: REFRESH_MS, staleTime: 0 });
  const outstanding = useQuery(outstandingQuery);
  const alerts = useQuery(openAlertsQuery);
  const { data: gauges } = useQuery(gaugesQuery);
  const failed = [destinations, integrations, outstanding, alerts].find(
    ({ isError, data }) => isError && data === undefined,
  );
  if (failed !== undefined) return <Failed error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!destinations.data || !integrations.data || !outstanding.data || !alerts.data) {
    return <Loading rows={2} label="Loading what needs attention" />;
  }
  const nowMs = Date.now();
  const ofDestinations = destinations.data
    .map((thing) => ({ ...thing, condition: destinationCondition(thing) }))
    .filter(({ condition }) => isProblem(condition));
  const ofIntegrations = integrations.data
    .map((thing) => ({ ...thing, condition: integrationCondition(thing, nowMs) }))
    .filter(({ condition }) => isProblem(condition));
  const dead = [...countByDestination(outstanding.data.data)];
  const names = new Map(destinations.data.map(({ id, name }) => [id, name]));
  const hasMoreDead = outstanding.data.next_cursor !== null;
  const oldestSeconds = gauges?.get("hookgate_oldest_pending_seconds") ?? 0;
  const letters = gauges?.get("hookgate_dead_letters") ?? 0;
  const isOld = oldestSeconds > OLD_PENDING_SECONDS;
  const count = ofDestinations.length + ofIntegrations.length + dead.length + Number(isOld) + Number(letters > 0);
  const open = alerts.data.data.length;
  return (
    <section className="attention" aria-labelledby="problems-title" data-health={count === 0 ? "ok" : "dead"}>
      <div className="section-head">
        <h2 id="problems-title">{count === 0 ? "Nothing needs attention" : "Needs attention"}</h2>
        {open === 0 ? null : (
          <p>
            <Link to="/alerts">
              {`${countText(open, alerts.data.next_cursor !== null)} open ${open === 1 ? "alert" : "alerts"}`}
            </Link>
          </p>
        )}
      </div>
      {count === 0 ? (
        <p>No destination fails, no delivery is dead and no sender is refused.</p>
      ) : (
        <ul>
          {ofDestinations.map(({ id, name, condition, health }) => (
            <Problem key={id} health={condition.health} word={condition.word}>
              <Link to="/destinations/$id" params={{ id }}>
                <bdi>{name}</bdi>
              </Link>
              <span>
                {health.failures > 0
                  ? `${health.failures} failed ${health.failures === 1 ? "attempt" : "attempts in a row"}`
                  : "Its deliveries wait"}
                <Since at={condition.since} />
              </span>
            </Problem>
          ))}
          {dead.map(([id, number]) => (
            <Problem key={`dead ${id}`} health="dead" word="dead">
              <Link to="/deliveries" search={{ destination: id, status: "dead", outstanding: "true" }}>
                {`${countText(number, hasMoreDead)} dead`}
              </Link>
              <span>
                {number === 1 && !hasMoreDead ? "delivery to " : "deliveries to "}
                <bdi>{names.get(id) ?? id}</bdi>
                {", not yet replayed"}
              </span>
            </Problem>
          ))}
          {ofIntegrations.map(({ id, name, condition, last_rejection }) => (
            <Problem key={id} health={condition.health} word={condition.word}>
              <Link to="/integrations/$id" params={{ id }}>
                <bdi>{name}</bdi>
              </Link>
              <span>
                {condition.word === "silent" || last_rejection === null ? (
                  <>
                    No event arrived when one was expected
                    <Since at={condition.since} />
                  </>
                ) : (
                  <>
                    {`The latest request was refused with ${last_rejection.status} at `}
                    <Time at={last_rejection.at} />
                    {`: ${rejectionReason(last_rejection.code).title.toLowerCase()}`}
                  </>
                )}
              </span>
            </Problem>
          ))}
          {isOld ? (
            <Problem health="pending" word="pending">
              <Link to="/deliveries" search={{ status: "pending" }}>
                Pending
              </Link>
              <span>{`The oldest delivery has waited for ${Math.round(oldestSeconds / 60)} minutes`}</span>
            </Problem>
          ) : null}
          {letters > 0 ? (
            <Problem health="dead" word="dead letters">
              <Link to="/settings/dead-letters">{letters === 1 ? "1 message" : `${letters} messages`}</Link>
              <span>could not be processed</span>
            </Problem>
          ) : null}
        </ul>
      )}
    </section>
  );
}

type ProblemProps = { readonly health: Health; readonly word: string; readonly children: ReactNode };

function Problem({ health, word, children }: ProblemProps) {
  return (
    <li>
      <Status health={health}>{word}</Status>
      {children}
    </li>
  );
}

function Since({ at }: { readonly at: string | null }) {
  if (at === null) return null;
  return (
    <>
      {", since "}
      <Time at={at} />
    </>
  );
}
