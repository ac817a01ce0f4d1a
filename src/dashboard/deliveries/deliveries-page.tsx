import { Outlet, getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useNames } from "../api/names.ts";
import { ListDetail, useHold } from "../lists/list-detail.tsx";
import { LiveSwitch } from "../lists/live-switch.tsx";
import { NoRows, RowList } from "../lists/row-list.tsx";
import { useLiveList } from "../lists/use-live-list.ts";
import { useSelectedId } from "../lists/use-selected-id.ts";
import { BulkProgress } from "../replays/bulk-progress.tsx";
import { ReplayAll } from "../replays/replay-all.tsx";
import { ToFirstDelivery } from "../shell/next-step.tsx";
import { Page } from "../shell/page.tsx";
import { deliveryPages } from "./deliveries-query.ts";
import { DeliveryFilters } from "./delivery-filters.tsx";
import { DeliveryRowLink } from "./delivery-row.tsx";
import { hasReplayable, replayableDeliveries } from "./replayable.ts";
import { isFiltered } from "./search.ts";

const route = getRouteApi("/app/deliveries");

export function DeliveriesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const id = useSelectedId();
  const names = useNames();
  const { scroller, isHeld } = useHold();
  const { live, replay, ...filters } = search;
  const isLive = live !== "off";
  const key = ["deliveries", "list", filters];
  const name = JSON.stringify(key);
  // A range ends when it is chosen: the cursors of one list must all belong to the same start.
  // oxlint-disable-next-line react/exhaustive-deps
  const readPage = useMemo(() => deliveryPages(search, Date.now()), [name]);
  const list = useLiveList({ key, readPage, isLive, isHeld });
  const setLive = (on: boolean): void => {
    void navigate({ to: ".", search: ({ live: _live, ...others }) => (on ? others : { ...others, live: "off" }) });
  };
  const showReplay = (shown: string | undefined): void => {
    void navigate({ to: ".", search: (now) => ({ ...now, replay: shown }), replace: true });
  };
  const canReplay = id === undefined && isFiltered(search) && hasReplayable(search);

  return (
    <Page
      name="Deliveries"
      fills
      actions={
        <>
          {canReplay ? (
            <ReplayAll
              newest={list.rows[0]?.created_at}
              replayableAt={(nowMs) => replayableDeliveries(search, nowMs)}
              onStarted={showReplay}
            />
          ) : null}
          <LiveSwitch isLive={isLive} onChange={setLive} />
        </>
      }
    >
      <DeliveryFilters />
      <ListDetail
        list={list}
        scroller={scroller}
        hasDetail={id !== undefined}
        detail={<Outlet />}
        rows={
          <RowList
            list={list}
            label="Deliveries"
            scroller={scroller}
            selectedId={id}
            onSelect={(row) => void navigate({ to: "/deliveries/$id", params: { id: row.id }, search: (now) => now })}
            renderRow={(delivery) => (
              <DeliveryRowLink delivery={delivery} destination={names.destination(delivery.destination_id)} />
            )}
            empty={
              <NoRows isFiltered={isFiltered(search)} what="deliveries" next={<ToFirstDelivery />}>
                A delivery appears when a route sends an event to a destination.
              </NoRows>
            }
          />
        }
      />
      {replay === undefined ? null : (
        <BulkProgress
          id={replay}
          onClose={() => {
            showReplay(undefined);
            list.reload();
          }}
        />
      )}
    </Page>
  );
}
