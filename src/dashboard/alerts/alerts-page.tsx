import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type Alert, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { POLL_MS } from "../lists/use-live-list.ts";
import { Page } from "../shell/page.tsx";
import { Empty } from "../ui/states.tsx";
import { type Health, Status } from "../ui/status.tsx";
import { Time } from "../ui/time.tsx";
import { PlainTable } from "../ui/plain-table.tsx";
import { QueryView } from "../ui/query-view.tsx";

const alertsQuery = queryOptions({
  queryKey: ["alerts", "latest"],
  queryFn: async ({ signal }) => unwrap(await client.alerts.list({ limit: 100 }, { signal })),
  refetchInterval: POLL_MS,
});

const HEALTH = { open: "dead", acknowledged: "pending", resolved: "ok" } as const satisfies Record<
  Alert["status"],
  Health
>;

export function AlertsPage() {
  const query = useQuery(alertsQuery);
  return (
    <Page name="Alerts">
      <QueryView query={query} label="Loading alerts">
        {({ data }) =>
          data.length === 0 ? (
            <Empty title="No alerts">Alerts are made from the events of alerting integrations.</Empty>
          ) : (
            <PlainTable
              label="Alerts"
              columns={["Status", "Title", "Urgency", "Opened", "Events"]}
              rows={data.map(({ id, status, title, urgency, created_at }) => ({
                id,
                cells: [
                  <Status key="status" health={HEALTH[status]}>
                    {status}
                  </Status>,
                  <bdi key="title">{title}</bdi>,
                  urgency ?? "none",
                  <Time key="opened" at={created_at} />,
                  <Link key="events" to="/events" search={{ alert: id }} aria-label={`Events of ${title}`}>
                    Events
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
