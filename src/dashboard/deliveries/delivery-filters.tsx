import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { MESSAGE_TYPES } from "../../model/event-types.ts";
import { destinationsQuery, integrationsQuery } from "../api/names.ts";
import { FilterBar, FilterChip, SearchFilter, SelectFilter } from "../lists/filter-bar.tsx";
import { TimeFilter } from "../lists/time-filter.tsx";
import { DELIVERY_STATUSES, type DeliverySearch, isFiltered } from "./search.ts";

const route = getRouteApi("/app/deliveries");

const TYPE_OPTIONS = MESSAGE_TYPES.map((value) => ({ value, label: value }));
const STATUS_OPTIONS = DELIVERY_STATUSES.map((value) => ({ value, label: value }));

export function DeliveryFilters() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: integrations = [] } = useQuery(integrationsQuery);
  const { data: destinations = [] } = useQuery(destinationsQuery);
  // Each change is a step of the history, so that Back undoes it.
  const change = (changed: DeliverySearch): void => {
    void navigate({ to: ".", search: (now) => ({ ...now, ...changed }) });
  };
  return (
    <FilterBar
      isFiltered={isFiltered(search)}
      onClear={() => void navigate({ to: ".", search: ({ live }) => ({ ...(live && { live }) }) })}
    >
      <SearchFilter label="Search deliveries" value={search.q} onChange={(q) => change({ q })} />
      <SelectFilter
        label="Status"
        all="All statuses"
        options={STATUS_OPTIONS}
        value={search.status}
        onChange={(status) => change({ status })}
      />
      <SelectFilter
        label="Outstanding"
        all="Replayed or not"
        options={[{ value: "true", label: "Dead and not replayed" }]}
        value={search.outstanding}
        onChange={(outstanding) => change({ outstanding })}
      />
      <SelectFilter
        label="Destination"
        all="All destinations"
        options={destinations.map(({ id, name }) => ({ value: id, label: name }))}
        value={search.destination}
        onChange={(destination) => change({ destination })}
      />
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
        label="Made by"
        all="Replays or not"
        options={[{ value: "true", label: "Replays only" }]}
        value={search.replays}
        onChange={(replays) => change({ replays })}
      />
      <TimeFilter times={search} onChange={change} />
      {search.event === undefined ? null : (
        <FilterChip label="Event" value={search.event} onClear={() => change({ event: undefined })} />
      )}
    </FilterBar>
  );
}
