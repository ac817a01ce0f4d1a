import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { MESSAGE_TYPES, OUTCOMES } from "../../model/event-types.ts";
import { integrationsQuery } from "../api/names.ts";
import { FilterBar, FilterChip, SearchFilter, SelectFilter } from "../lists/filter-bar.tsx";
import { TimeFilter } from "../lists/time-filter.tsx";
import { type EventSearch, isFiltered } from "./search.ts";

const route = getRouteApi("/app/events");

const TYPE_OPTIONS = MESSAGE_TYPES.map((value) => ({ value, label: value }));
const OUTCOME_OPTIONS = OUTCOMES.map((value) => ({ value, label: value }));

export function EventFilters() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: integrations = [] } = useQuery(integrationsQuery);
  // Each change is a step of the history, so that Back undoes it.
  const change = (changed: EventSearch): void => {
    void navigate({ to: ".", search: (now) => ({ ...now, ...changed }) });
  };
  const clear = (): void => {
    void navigate({ to: ".", search: ({ tab, live }) => ({ ...(tab && { tab }), ...(live && { live }) }) });
  };
  return (
    <FilterBar isFiltered={isFiltered(search)} onClear={clear}>
      <SearchFilter label="Search events" value={search.q} onChange={(q) => change({ q })} />
      <SelectFilter
        label="Integration"
        all="All integrations"
        options={integrations.map(({ id, name }) => ({ value: id, label: name }))}
        value={search.integration}
        onChange={(integration) => change({ integration })}
      />
      <SelectFilter
        label="Type"
        all="All types"
        options={TYPE_OPTIONS}
        value={search.type}
        onChange={(type) => change({ type })}
      />
      <SelectFilter
        label="Outcome"
        all="All outcomes"
        options={OUTCOME_OPTIONS}
        value={search.outcome}
        onChange={(outcome) => change({ outcome })}
      />
      <SelectFilter
        label="Routing"
        all="Routed or not"
        options={[{ value: "true", label: "No route took it" }]}
        value={search.unrouted}
        onChange={(unrouted) => change({ unrouted })}
      />
      <TimeFilter times={search} onChange={change} />
      {search.alert === undefined ? null : (
        <FilterChip label="Alert" value={search.alert} onClear={() => change({ alert: undefined })} />
      )}
    </FilterBar>
  );
}
