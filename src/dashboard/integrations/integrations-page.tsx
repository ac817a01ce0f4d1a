import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Integration } from "../../client/index.ts";
import { integrationsQuery } from "../api/names.ts";
import { type Condition, integrationCondition, isProblem } from "../overview/problems.ts";
import { CreateLink } from "../shell/create-link.tsx";
import { Page } from "../shell/page.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { PlainTable } from "../ui/plain-table.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Empty } from "../ui/states.tsx";
import { Status } from "../ui/status.tsx";
import { Time } from "../ui/time.tsx";
import { rejectionReason } from "./arrivals.ts";
import { kindOf } from "./senders.ts";

const REFRESH_MS = 10_000;

export function IntegrationsPage() {
  const query = useQuery({ ...integrationsQuery, staleTime: 0, refetchInterval: REFRESH_MS });
  return (
    <Page name="Integrations" actions={<CreateLink what="integration" />}>
      <QueryView query={query} label="Loading integrations">
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="No integrations yet">An integration gives a sender a URL to post webhooks to.</Empty>
          ) : (
            <PlainTable
              label="Integrations"
              columns={["Name", "State", "Type", "Last event", "URL", "Events"]}
              rows={problemsFirst(rows, Date.now()).map(({ integration, condition }) => ({
                id: integration.id,
                cells: cellsOf(integration, condition),
              }))}
            />
          )
        }
      </QueryView>
    </Page>
  );
}

function problemsFirst(rows: readonly Integration[], nowMs: number) {
  return rows
    .map((integration) => ({ integration, condition: integrationCondition(integration, nowMs) }))
    .toSorted((one, other) => Number(isProblem(other.condition)) - Number(isProblem(one.condition)));
}

function cellsOf(integration: Integration, condition: Condition) {
  const { id, name, url, last_event_at } = integration;
  return [
    <Link key="name" to="/integrations/$id" params={{ id }} className="name-cell">
      <bdi>{name}</bdi>
    </Link>,
    <span key="state" className="cell-stack">
      <Status health={condition.health}>{condition.word}</Status>
      <StateDetail integration={integration} condition={condition} />
    </span>,
    <bdi key="type" className="nowrap">
      {kindOf(integration)}
    </bdi>,
    <span key="last" className="nowrap">
      {last_event_at === null ? <span className="muted">none</span> : <Time at={last_event_at} as="relative" />}
    </span>,
    <CopyButton key="url" label="Copy URL" text={() => url} />,
    <Link key="events" to="/events" search={{ integration: id }} aria-label={`Events of ${name}`}>
      Events
    </Link>,
  ];
}

type StateDetailProps = { readonly integration: Integration; readonly condition: Condition };

/** Why and since when, below the state of an integration with a problem. */
function StateDetail({ integration: { last_rejection }, condition }: StateDetailProps) {
  if (!isProblem(condition) || condition.since === null) return null;
  const isRefused = condition.word === "rejecting" && last_rejection !== null;
  return (
    <span className="muted small nowrap">
      {isRefused ? `${rejectionReason(last_rejection.code).title} at ` : "since "}
      <Time at={condition.since} />
    </span>
  );
}
