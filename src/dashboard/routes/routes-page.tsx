import { useQuery } from "@tanstack/react-query";
import { routesQuery, useNames } from "../api/names.ts";
import { Page } from "../shell/page.tsx";
import { Empty } from "../ui/states.tsx";
import { Status } from "../ui/status.tsx";
import { PlainTable } from "../ui/plain-table.tsx";
import { QueryView } from "../ui/query-view.tsx";

export function RoutesPage() {
  const query = useQuery(routesQuery);
  const names = useNames();
  return (
    <Page name="Routes">
      <QueryView query={query} label="Loading routes">
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="No routes yet">A route decides which events go to which destinations.</Empty>
          ) : (
            <PlainTable
              label="Routes"
              columns={["Name", "State", "From", "Types", "To"]}
              rows={rows.map(({ id, name, enabled, integration_ids, event_types, destination_ids }) => ({
                id,
                cells: [
                  <bdi key="name">{name}</bdi>,
                  <Status key="state" health={enabled ? "ok" : "quiet"}>
                    {enabled ? "on" : "off"}
                  </Status>,
                  integration_ids === null ? "All integrations" : integration_ids.map(names.integration).join(", "),
                  event_types === null ? "All types" : event_types.join(", "),
                  destination_ids.map(names.destination).join(", "),
                ],
              }))}
            />
          )
        }
      </QueryView>
    </Page>
  );
}
