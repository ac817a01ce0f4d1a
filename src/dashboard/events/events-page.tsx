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
import { ToFirstEvent } from "../shell/next-step.tsx";
import { Page } from "../shell/page.tsx";
import { EventFilters } from "./event-filters.tsx";
import { EventRowLink } from "./event-row.tsx";
import { eventPages } from "./events-query.ts";
import { replayableEvents } from "./replayable.ts";
import { isFiltered } from "./search.ts";

const route = getRouteApi("/app/events");

export function EventsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const id = useSelectedId();
  const names = useNames();
  const { scroller, isHeld } = useHold();
  const { tab: _tab, live, replay, ...filters } = search;
  const key = ["events", "list", filters];
  const name = JSON.stringify(key);
  // A range ends when it is chosen: the cursors of one list must all belong to the same start.
  // oxlint-disable-next-line react/exhaustive-deps
  const readPage = useMemo(() => eventPages(search, Date.now()), [name]);
  const list = useLiveList({ key, readPage, isLive: live !== "off", isHeld });
  const setLive = (on: boolean): void => {
    void navigate({ to: ".", search: ({ live: _live, ...others }) => (on ? others : { ...others, live: "off" }) });
  };
  const showReplay = (shown: string | undefined): void => {
    void navigate({ to: ".", search: (now) => ({ ...now, replay: shown }), replace: true });
  };

  return (
    <Page
      name="Events"
      fills
      actions={
        <>
          {id === undefined && isFiltered(search) ? (
            <ReplayAll
              newest={list.rows[0]?.received_at}
              replayableAt={(nowMs) => replayableEvents(search, nowMs)}
              onStarted={showReplay}
            />
          ) : null}
          <LiveSwitch isLive={live !== "off"} onChange={setLive} />
        </>
      }
    >
      <EventFilters />
      <ListDetail
        list={list}
        scroller={scroller}
        hasDetail={id !== undefined}
        detail={<Outlet />}
        rows={
          <RowList
            list={list}
            label="Events"
            scroller={scroller}
            selectedId={id}
            onSelect={(event) => void navigate({ to: "/events/$id", params: { id: event.id }, search: (now) => now })}
            renderRow={(event) => <EventRowLink event={event} integration={names.integration(event.integration_id)} />}
            empty={
              <NoRows isFiltered={isFiltered(search)} what="events" next={<ToFirstEvent />}>
                Events appear here within seconds after a sender posts to the URL of an integration.
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
