import { Outlet, getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useNames } from "../api/names.ts";
import { ListDetail, useHold } from "../lists/list-detail.tsx";
import { LiveSwitch } from "../lists/live-switch.tsx";
import { NoRows, RowList } from "../lists/row-list.tsx";
import { useLiveList } from "../lists/use-live-list.ts";
import { useSelectedId } from "../lists/use-selected-id.ts";
import { ToFirstEvent } from "../shell/next-step.tsx";
import { Page } from "../shell/page.tsx";
import { AlertFilters } from "./alert-filters.tsx";
import { AlertRowLink } from "./alert-row.tsx";
import { alertPages } from "./alerts-query.ts";
import { isFiltered } from "./search.ts";

const route = getRouteApi("/app/alerts");

export function AlertsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const id = useSelectedId();
  const names = useNames();
  const { scroller, isHeld } = useHold();
  const { live, ...filters } = search;
  const key = ["alerts", "list", filters];
  const name = JSON.stringify(key);
  // A range ends when it is chosen: the cursors of one list must all belong to the same start.
  // oxlint-disable-next-line react/exhaustive-deps
  const readPage = useMemo(() => alertPages(search, Date.now()), [name]);
  const list = useLiveList({ key, readPage, isLive: live !== "off", isHeld });

  return (
    <Page
      name="Alerts"
      fills
      actions={
        <LiveSwitch
          isLive={live !== "off"}
          onChange={(isLive) =>
            void navigate({
              to: ".",
              search: ({ live: _live, ...others }) => (isLive ? others : { ...others, live: "off" }),
            })
          }
        />
      }
    >
      <AlertFilters />
      <ListDetail
        list={list}
        scroller={scroller}
        hasDetail={id !== undefined}
        detail={<Outlet />}
        rows={
          <RowList
            list={list}
            label="Alerts"
            scroller={scroller}
            selectedId={id}
            onSelect={(alert) => void navigate({ to: "/alerts/$id", params: { id: alert.id }, search: (now) => now })}
            renderRow={(alert) => <AlertRowLink alert={alert} integration={names.integration(alert.integration_id)} />}
            empty={
              <NoRows isFiltered={isFiltered(search)} what="alerts" next={<ToFirstEvent />}>
                An alert opens when a monitoring tool reports a problem to one of the integrations.
              </NoRows>
            }
          />
        }
      />
    </Page>
  );
}
