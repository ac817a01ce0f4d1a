import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { integrationsQuery } from "../api/names.ts";
import { useMay } from "../session/session.ts";
import { Page } from "../shell/page.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Empty } from "../ui/states.tsx";
import { Status } from "../ui/status.tsx";
import { PlainTable } from "../ui/plain-table.tsx";
import { QueryView } from "../ui/query-view.tsx";

export function IntegrationsPage() {
  const query = useQuery(integrationsQuery);
  const may = useMay("write");
  return (
    <Page name="Integrations" actions={may ? <Link to="/integrations/new">Create integration</Link> : undefined}>
      <QueryView query={query} label="Loading integrations">
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="No integrations yet">An integration gives a sender a URL to post webhooks to.</Empty>
          ) : (
            <PlainTable
              label="Integrations"
              columns={["Name", "Type", "State", "URL", "Events"]}
              rows={rows.map(({ id, name, type, enabled, url }) => ({
                id,
                cells: [
                  <bdi key="name">{name}</bdi>,
                  type,
                  <Status key="state" health={enabled ? "ok" : "quiet"}>
                    {enabled ? "on" : "off"}
                  </Status>,
                  <CopyButton key="url" label="Copy URL" text={() => url} />,
                  <Link key="events" to="/events" search={{ integration: id }} aria-label={`Events of ${name}`}>
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
