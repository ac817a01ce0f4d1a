import { queryOptions, useQuery } from "@tanstack/react-query";
import { unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { COUNTS, EACH_DESTINATION } from "./count-words.ts";
import { PlainTable } from "../ui/plain-table.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Status } from "../ui/status.tsx";
import { Time } from "../ui/time.tsx";

const REFRESH_MS = 10_000;
const NUMBER = new Intl.NumberFormat();

const reconciliationQuery = queryOptions({
  queryKey: ["reconciliation"],
  queryFn: async ({ signal }) => unwrap(await client.reconciliation.get({ signal })),
  refetchInterval: REFRESH_MS,
});

/** Whether every accepted event has an outcome, and when those that are missing were accepted. */
export function ReconciliationCounts() {
  const query = useQuery(reconciliationQuery);
  return (
    <section aria-labelledby="reconciliation-title">
      <h2 id="reconciliation-title">Reconciliation</h2>
      <QueryView query={query} label="Loading the counts">
        {(counts) => (
          <div className="settings-stack">
            <p className="settings-row">
              <Status health={counts.balanced ? "ok" : "dead"}>
                {counts.balanced ? "Every accepted event has an outcome" : "The counts differ"}
              </Status>
              <Status health={counts.missing === 0 ? "ok" : "dead"}>
                {`${NUMBER.format(counts.missing)} missing ${counts.missing === 1 ? "message" : "messages"}`}
              </Status>
            </p>
            <p>{`${EACH_DESTINATION} The other counts add up to it.`}</p>
            <PlainTable
              label="Counts"
              columns={["Count", "Number", "What it counts"]}
              rows={COUNTS.map(({ name, meaning }) => ({
                id: name,
                cells: [name, NUMBER.format(counts[name]), meaning],
              }))}
            />
            <h3>Gaps</h3>
            {counts.gaps.length === 0 ? (
              <p className="muted">No accepted message is missing.</p>
            ) : (
              <PlainTable
                label="Gaps"
                columns={["Accepted after", "Accepted before", "Messages", "Isolate"]}
                rows={counts.gaps.map(({ isolate, from, to, count }) => ({
                  id: `${isolate} ${from} ${to}`,
                  cells: [
                    <Time key="from" at={from} />,
                    <Time key="to" at={to} />,
                    NUMBER.format(count),
                    <code key="isolate">{isolate}</code>,
                  ],
                }))}
              />
            )}
          </div>
        )}
      </QueryView>
    </section>
  );
}
